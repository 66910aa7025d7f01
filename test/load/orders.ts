import type { Line } from '@doorbuster/contracts';
import { hex, type Random, wholeBetween } from './random.ts';

/** One order as a client sends it. */
export interface ClientOrder {
  /** The Idempotency-Key: of the run and the number, so that it can be looked up. */
  key: string;
  customerId: string;
  body: string;
  traceparent?: string;
  /** Whether the client sends it twice on purpose: after the first answer, or at the same time. */
  twice: 'no' | 'after' | 'at once';
}

export interface OrderMix {
  /** What all its keys begin with. */
  run: string;
  baskets: readonly Line[][];
  declinesPercent: number;
  random: Random;
}

const CUSTOMERS = 200;
const TWICE_SHARE = 0.01;
/** Cards that are slow, whose answer is lost, or that are charged too late; shares of all orders. */
const ODD_CARDS = [
  ['tok_slow', 0.003],
  ['tok_lost', 0.002],
  ['tok_late', 0.001],
] as const;

/** Draws the orders, one after the other; the first carries a trace of its own, so that there is one to look at. */
export function drawOrders({ run, baskets, declinesPercent, random }: OrderMix) {
  let n = 0;
  return {
    traceId: hex(random, 32),
    /** The next order; `isLast` minutes take no card that makes everybody wait for its time-out afterwards. */
    next(options: { lines?: Line[]; lateCards?: boolean } = {}): ClientOrder {
      const { lines = baskets[n % baskets.length] ?? [], lateCards = true } = options;
      const id = `customer-${String(wholeBetween(random, 1, CUSTOMERS)).padStart(3, '0')}`;
      const drawn = drawCard(random, declinesPercent);
      const card = n === 0 || (drawn === 'tok_late' && !lateCards) ? 'tok_ok' : drawn;
      const twice = random() >= TWICE_SHARE ? 'no' : random() < 0.5 ? 'after' : 'at once';
      n++;
      return {
        key: `${run}-${n}`,
        customerId: id,
        body: JSON.stringify({ customer: { id, email: `${id}@example.com` }, card, lines }),
        twice: n === 1 ? 'no' : twice,
      };
    },
  };
}

function drawCard(random: Random, declinesPercent: number): string {
  let point = random();
  if (point < declinesPercent / 100) return 'tok_declined';
  point = random();
  for (const [card, share] of ODD_CARDS) {
    if (point < share) return card;
    point -= share;
  }
  return 'tok_ok';
}
