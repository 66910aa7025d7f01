import { createHash } from 'node:crypto';
import { Cents, CURRENCY, IdempotencyKey, PlaceOrderBody, type PricedLine } from '@doorbuster/contracts';
import {
  json,
  notFound,
  observeRequests,
  Problem,
  parseBody,
  problems,
  requireJson,
} from '@doorbuster/service';
import express, { type Express, type Request, type RequestHandler } from 'express';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { Catalogue } from '../../../../services/order/src/catalogue.ts';
import { type Placed, type PricedOrder, placeOrder } from './orders.ts';

export interface MonolithParts {
  database: Pool;
  catalogue: Pick<Catalogue, 'priceOf'>;
  /** Orders that may be under way at once; one more is told to come again. */
  inFlightMax: number;
  log: Logger;
}

/**
 * The shop as one process: it takes the same body, checks the same things, and answers when the order is confirmed.
 * Express without anything that the work does not need.
 */
export function createMonolith({ database, catalogue, inFlightMax, log }: MonolithParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/health/ready', (_req, res) => void res.json({ status: 'ready' }));
  app.use(observeRequests({ isDoor: true }));
  const place: RequestHandler = async (req, res) => {
    const order = toOrder(req, catalogue);
    const placed = await placeOrder(database, order);
    if (placed.outcome === 'conflict')
      throw new Problem(422, 'This Idempotency-Key was used for another order');
    if (placed.outcome === 'replayed') res.set('Idempotent-Replayed', 'true');
    res.status(201).location(`/orders/${placed.id}`).json(toAnswer(placed, order.customer.id));
  };
  app.post('/orders', admit(inFlightMax), requireJson, json(), place);
  app.use(notFound, problems(log));
  return app;
}

function admit(inFlightMax: number): RequestHandler {
  let inFlight = 0;
  return (_req, res, next) => {
    if (inFlight >= inFlightMax)
      throw new Problem(503, 'Too many orders are coming in; nothing was taken', {
        headers: { 'Retry-After': '2' },
      });
    inFlight++;
    res.on('close', () => inFlight--);
    next();
  };
}

/** What services/order checks of a request, and with the same words. @throws Problem that says what is wrong */
function toOrder(req: Request, catalogue: MonolithParts['catalogue']): PricedOrder {
  const key = IdempotencyKey.safeParse(req.get('Idempotency-Key'));
  if (!key.success) throw new Problem(400, 'The header Idempotency-Key is required: 1 to 128 characters');
  const body = parseBody(PlaceOrderBody, req.body);
  const lines: PricedLine[] = body.lines.map(({ sku, quantity }, i) => {
    const priceCents = catalogue.priceOf(sku);
    if (priceCents !== undefined) return { sku, quantity, priceCents };
    const errors = [{ pointer: `/lines/${i}/sku`, detail: `${sku} is not sold here` }];
    throw new Problem(422, 'Not in the catalogue', { errors });
  });
  const totalCents = lines.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);
  if (!Cents.safeParse(totalCents).success) throw new Problem(422, 'The total is more than anybody can pay');
  return {
    orderId: uuidv7(),
    customer: body.customer,
    card: body.card,
    lines,
    totalCents,
    placedAt: new Date().toISOString(),
    idempotencyKey: key.data,
    bodyHash: createHash('sha256').update(JSON.stringify(body)).digest(),
  };
}

const toAnswer = ({ id, state, lines, total_cents, placed_at }: Placed, customerId: string) => ({
  id,
  status: state,
  customerId,
  lines,
  totalCents: total_cents,
  currency: CURRENCY,
  placedAt: placed_at.toISOString(),
});
