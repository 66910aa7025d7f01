// The world outside: a card network that is not ours.
import { setTimeout as delay } from 'node:timers/promises';
import { CardToken, IdempotencyKey } from '@doorbuster/contracts';
import { json, Problem, parseBody, requireJson, resource } from '@doorbuster/service';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import { cardOf } from './cards.ts';
import { initialKnobs, isAmong, Knobs } from './knobs.ts';

export const ChargeBody = z.object({
  orderId: z.uuid(),
  amountCents: z.int().min(0),
  currency: z.string().regex(/^[A-Z]{3}$/),
  card: CardToken,
});

interface ChargeRow {
  key: string;
  order_id: string;
  amount_cents: number;
  card: string;
  state: 'captured' | 'declined';
  reason: string | null;
  age_ms: number;
}

/** A call that is never answered is cut off after this long, so that lost answers do not pile up sockets. */
const lostForMs = 30_000;

/** What the card network serves: charges by key, their look-up, closing an order, and the knobs. */
export function api(database: Pool): Router {
  const router = Router();
  let knobs = initialKnobs;
  let calls = 0;

  const disturb: RequestHandler = async (_req, _res, next) => {
    if (knobs.latencyMs > 0) await delay(knobs.latencyMs);
    if (isAmong(knobs.errorPercent, 'error', String(calls++)))
      throw new Problem(500, 'The card network has a bad day');
    next();
  };

  const charge: RequestHandler = async (req, res) => {
    const key = keyOf(req);
    const { orderId, amountCents, currency, card: token } = parseBody(ChargeBody, req.body);
    const card = cardOf(token);
    const unlucky = isAmong(knobs.declinePercent, 'decline', key) ? 'do not honour' : null;
    const { rows } = await database.query<ChargeRow>({
      name: 'charge',
      text: `select * from charge(array[$1], array[$2::uuid], array[$3::bigint], array[$4], array[$5], array[$6])`,
      values: [key, orderId, amountCents, currency, token, card.declined ?? unlucky],
    });
    if (card.losesAnswer || isAmong(knobs.lostAnswerPercent, 'lost', key)) return never(res);
    if (card.answerAfterMs !== undefined) await delay(card.answerAfterMs);
    res.json(toCharge(rows[0]));
  };

  const lookUp: RequestHandler = async (req, res) => {
    const key = IdempotencyKey.safeParse(req.params['key']);
    if (!key.success) throw new Problem(404, 'There is no such charge');
    const { rows } = await database.query<ChargeRow>({
      name: 'charges.find',
      text: 'select *, extract(epoch from clock_timestamp() - at)::float8 * 1000 as age_ms from charges where key = $1',
      values: [key.data],
    });
    const [row] = rows;
    if (row === undefined) throw new Problem(404, 'There is no such charge');
    const { unknownForMs = 0 } = cardOf(row.card);
    if (row.age_ms < unknownForMs)
      throw new Problem(503, 'Nobody can tell yet', { headers: { 'Retry-After': '5' } });
    res.json(toCharge(row));
  };

  const close: RequestHandler = async (req, res) => {
    const orderId = z.uuid().safeParse(req.params['id']);
    if (!orderId.success) throw new Problem(404, 'There is no such order');
    const taken = await database.query<{ card: string }>(
      "select card from charges where order_id = $1 and state = 'captured'",
      [orderId.data],
    );
    if (knobs.refundsFail && taken.rows.some(({ card }) => cardOf(card).refundFails)) {
      throw new Problem(500, 'The refund failed');
    }
    const text = `select captured_cents as "capturedCents", refunded_cents as "refundedCents" from close_order($1)`;
    const { rows } = await database.query({ name: 'close', text, values: [orderId.data] });
    res.json(rows[0]);
  };

  resource(router, '/charges', { post: [requireJson, json(), disturb, charge] });
  resource(router, '/charges/:key', { get: [disturb, lookUp] });
  resource(router, '/orders/:id/close', { post: [disturb, close] });
  resource(router, '/knobs', {
    get: [(_req, res) => void res.json(knobs)],
    put: [
      requireJson,
      json(),
      (req, res) => {
        knobs = { ...knobs, ...parseBody(Knobs.partial(), req.body) } as Knobs;
        res.json(knobs);
      },
    ],
  });
  return router;
}

function keyOf(req: Request): string {
  const key = IdempotencyKey.safeParse(req.get('idempotency-key'));
  if (!key.success) throw new Problem(400, 'The header Idempotency-Key is required');
  return key.data;
}

/** Keeps the caller waiting for an answer that never comes. */
function never(res: Response): void {
  const timer = setTimeout(() => res.destroy(), lostForMs);
  res.on('close', () => clearTimeout(timer));
}

function toCharge(row: ChargeRow | undefined) {
  if (row === undefined) throw new Error('The charge has no row');
  const { key, order_id: orderId, amount_cents: amountCents, state, reason } = row;
  return { key, orderId, amountCents, state, ...(reason === null ? {} : { reason }) };
}
