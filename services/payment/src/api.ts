import { Operator, OrderId, ResolveBody } from '@doorbuster/contracts';
import type { Pipeline } from '@doorbuster/pipeline';
import { json, Problem, parseBody, requireJson, resource } from '@doorbuster/service';
import { type RequestHandler, Router } from 'express';
import type { Pool } from 'pg';
import type { Answer, Payment } from './payment.ts';
import { readAmountCents } from './store.ts';

interface Parts {
  parked: Pipeline<Payment, never, Answer>['parked'];
  database: Pool;
}

const listMax = 500;

/** What payment serves, to operators only: the sagas that wait because their compensation failed for good. */
export function api(parts: Parts): Router {
  const router = Router();
  resource(router, '/admin/sagas', {
    get: [async (_req, res) => void res.json({ items: await parts.parked.list(listMax) })],
  });
  resource(router, '/admin/sagas/:id/retry', { post: [requireJson, json(), retry(parts)] });
  resource(router, '/admin/sagas/:id/resolve', { post: [requireJson, json(), resolve(parts)] });
  return router;
}

/** Asks the acquirer once more, with all the attempts of a new call. */
const retry =
  ({ parked }: Parts): RequestHandler =>
  async (req, res) => {
    const orderId = idOf(req.params['id']);
    const calls = await parked.retry(orderId, parseBody(Operator, req.body));
    if (calls === 0) throw new Problem(409, 'No compensation of this order is parked');
    res.status(202).json({ orderId, calls });
  };

/** Takes an operator's word that the money went back by other means: the saga goes on as if the acquirer had said so. */
const resolve =
  ({ parked, database }: Parts): RequestHandler =>
  async (req, res) => {
    const orderId = idOf(req.params['id']);
    const { refundedCents, ...byHand } = parseBody(ResolveBody, req.body);
    const amountCents = await readAmountCents(database, orderId);
    if (amountCents === undefined) throw new Problem(409, 'Nothing was ever asked of this order');
    if (refundedCents > amountCents)
      throw new Problem(422, `The order was for ${amountCents} pence, no more`);
    const answer: Answer = { kind: 'resolved', refundedCents, byHand };
    if (!(await parked.resolve(orderId, 'acquirer.close', answer, byHand))) {
      throw new Problem(
        409,
        'The refund of this order is not parked, or a call to the acquirer is under way',
      );
    }
    res.json({ orderId, refundedCents });
  };

function idOf(text: unknown): string {
  const id = OrderId.safeParse(text);
  if (!id.success) throw new Problem(404, 'There is no such order');
  return id.data;
}
