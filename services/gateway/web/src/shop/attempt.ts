import type { AcceptedOrder, PlaceOrderBody } from '@doorbuster/contracts';
import { backOffMs } from '../kit/back-off.ts';
import { ask, Refused } from '../kit/http.ts';
import { keep, recall, uuid } from '../kit/session.ts';

interface Attempt {
  key: string;
  body: string;
}

const triesMax = 8;

/**
 * The key of an attempt to order. It is made once and kept over retries and reloads, so that however often the same
 * basket is sent there is one order; another basket gets a key of its own.
 */
export function keyOf(body: string, kept: Attempt | undefined, fresh: () => string): string {
  return kept?.body === body ? kept.key : fresh();
}

/**
 * Places an order. What passes is tried again, with the same key and as late as the shop asks.
 * @throws Refused when the shop says no for good, or has been asked often enough
 */
export async function placeOrder(
  order: PlaceOrderBody,
  waits: (forMs: number, why: string) => Promise<void>,
): Promise<AcceptedOrder> {
  const body = JSON.stringify(order);
  const key = keyOf(body, recall<Attempt>('attempt'), uuid);
  keep('attempt', { key, body } satisfies Attempt);
  for (let tries = 1; ; tries++) {
    try {
      const accepted = await ask<AcceptedOrder>('/orders', {
        method: 'POST',
        body: order,
        headers: { 'Idempotency-Key': key },
      });
      keep('attempt', undefined);
      return accepted;
    } catch (error) {
      if (!(error instanceof Refused) || !error.isPassing || tries >= triesMax) throw error;
      await waits(error.retryAfterMs ?? backOffMs(tries), error.message);
    }
  }
}
