import { createHash } from 'node:crypto';
import {
  type AcceptedOrder,
  Cents,
  CURRENCY,
  IdempotencyKey,
  type Load,
  OrderId,
  type OrderView,
  PlaceOrderBody,
  type PricedLine,
  ProductQuery,
} from '@doorbuster/contracts';
import type { KafkaOptions } from '@doorbuster/messaging';
import { Overloaded, type Pipeline, readOldestUnpublishedMs } from '@doorbuster/pipeline';
import { json, Problem, parseBody, requireJson, resource } from '@doorbuster/service';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { Catalogue } from './catalogue.ts';
import type { Live } from './live.ts';
import { showMessages } from './messages.ts';
import type { Order, PlaceOrder } from './order.ts';
import { countOpenOrders, readOrders } from './store.ts';
import { readTimeline, statusOf } from './timeline.ts';

interface Parts {
  pipeline: Pick<Pipeline<Order, PlaceOrder>, 'request'>;
  database: Pool;
  catalogue: Catalogue;
  live: Live;
  kafka: KafkaOptions;
}

/** What order serves: orders, their history, and the catalogue. */
export function api({ pipeline, database, catalogue, live, kafka }: Parts): Router {
  const router = Router();
  resource(router, '/orders', { post: [requireJson, json(), placeOrder(pipeline, catalogue)] });
  resource(router, '/orders/:id', { get: [showOrder(database)] });
  resource(router, '/orders/:id/events', { get: [live.follow] });
  resource(router, '/orders/:id/messages', { get: [showMessages(database, kafka)] });
  resource(router, '/products', { get: [listProducts(catalogue)] });
  resource(router, '/products/:sku', { get: [showProduct(catalogue)] });
  resource(router, '/load', { get: [showLoad(database)] });
  return router;
}

const placeOrder =
  (pipeline: Parts['pipeline'], catalogue: Catalogue): RequestHandler =>
  async (req, res) => {
    const request = toRequest(req, catalogue);
    const { orderId, lines } = request;
    const outcome = await pipeline.request(orderId, 'PlaceOrder', request, lines.length).catch((error) => {
      if (error instanceof Overloaded)
        throw new Problem(503, error.message, { headers: { 'Retry-After': '1' } });
      throw error;
    });
    switch (outcome.kind) {
      case 'conflict':
        throw new Problem(422, 'This Idempotency-Key was used for another order');
      case 'failed':
        throw new Problem(
          503,
          'It is not known whether the order was taken; ask again with the same Idempotency-Key',
          {
            headers: { 'Retry-After': '1' },
          },
        );
      case 'decided':
      case 'replayed': {
        const accepted = toAccepted(outcome.state);
        if (outcome.kind === 'replayed') res.set('Idempotent-Replayed', 'true');
        res.status(202).location(`/orders/${accepted.id}`).json(accepted);
        return;
      }
      default:
        throw new Error(`An order cannot be ${outcome.kind}`);
    }
  };

/** Checks everything that can be checked without the order's row. @throws Problem that says what is wrong */
function toRequest(req: Request, catalogue: Catalogue): PlaceOrder {
  const key = IdempotencyKey.safeParse(req.get('Idempotency-Key'));
  if (!key.success) throw new Problem(400, 'The header Idempotency-Key is required: 1 to 128 characters');
  const body = parseBody(PlaceOrderBody, req.body);
  const lines: PricedLine[] = [];
  const unknown: { pointer: string; detail: string }[] = [];
  for (const [i, line] of body.lines.entries()) {
    const priceCents = catalogue.priceOf(line.sku);
    if (priceCents === undefined)
      unknown.push({ pointer: `/lines/${i}/sku`, detail: 'This is not sold here' });
    else lines.push({ ...line, priceCents });
  }
  if (unknown.length > 0) throw new Problem(422, 'Not in the catalogue', { errors: unknown.slice(0, 20) });
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

const toAccepted = ({ orderId, customer, lines, totalCents, placedAt }: Order): AcceptedOrder => ({
  id: orderId,
  status: 'accepted',
  customerId: customer.id,
  lines: [...lines],
  totalCents,
  currency: CURRENCY,
  placedAt,
});

const showOrder =
  (database: Pool): RequestHandler =>
  async (req, res) => {
    const id = OrderId.safeParse(req.params['id']);
    const [order] = id.success ? await readOrders(database, [id.data]) : [];
    if (order === undefined) throw new Problem(404, 'There is no such order');
    const view: OrderView = {
      ...toAccepted(order),
      status: statusOf(order.state),
      state: order.state,
      version: order.version,
      reason: order.reason,
      refundedCents: order.refundedCents,
      timeline: await readTimeline(database, order.orderId),
    };
    res.set('Cache-Control', 'no-store').json(view);
  };

const listProducts =
  (catalogue: Catalogue): RequestHandler =>
  (req, res) => {
    const page = ProductQuery.safeParse(req.query);
    if (!page.success)
      throw new Problem(
        400,
        '`limit` is 1 to 500, `after` is the `next` of the page before, `q` a few words',
      );
    sendUnlessKnown(req, res, catalogue.etag, catalogue.page(page.data));
  };

const showProduct =
  (catalogue: Catalogue): RequestHandler =>
  (req, res) => {
    const product = catalogue.find(String(req.params['sku']));
    if (product === undefined) throw new Problem(404, 'There is no such product');
    sendUnlessKnown(req, res, catalogue.etag, product);
  };

/**
 * Answers 304 to a client that has this version already. Express's own `req.fresh` says no to every client that
 * asks with `Cache-Control: no-cache`, which `fetch` adds by itself to a conditional request.
 */
function sendUnlessKnown(req: Request, res: Response, etag: string, body: object): void {
  const known = (req.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  res.set({ ETag: etag, 'Cache-Control': 'no-cache' });
  if (known.includes(etag)) res.status(304).end();
  else res.json(body);
}

const showLoad =
  (database: Pool): RequestHandler =>
  async (_req, res) => {
    const [openOrders, oldestUnpublishedMs] = await Promise.all([
      countOpenOrders(database),
      readOldestUnpublishedMs(database),
    ]);
    res.json({ openOrders, oldestUnpublishedMs } satisfies Load);
  };
