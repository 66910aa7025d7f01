import type { Line } from '@doorbuster/contracts';
import type { ClientOrder } from '../orders.ts';
import { type Random, wholeBetween } from '../random.ts';

const skus = 1_000;
const linesMax = 3;
const quantityMax = 3;
const hotShare = 0.3;
const cheapestCents = 199;

const skuOf = (n: number): string => `BENCH-${String(n).padStart(4, '0')}`;

/** In the middle of the catalogue: whoever locks in the order of the SKUs locks it neither always first nor last. */
const hotSku = 500;

/** The products of every run. */
export const catalogueCsv = (): string =>
  [
    'sku,name,price_cents',
    ...Array.from({ length: skus }, (_, n) => `${skuOf(n + 1)},Product ${n + 1},${cheapestCents + n}`),
  ].join('\n');

/** Who orders: so many customers of this name, one as often as the other. */
export interface Customers {
  name: string;
  count: number;
}

export const everybody: Customers = { name: 'customer', count: 1_000 };

/** Draws the orders of a run: one to three lines of a thousand products, of which one is in 30 % of the orders. */
export function drawOrders(seed: number, random: Random): (customers?: Customers) => ClientOrder {
  let n = 0;
  return ({ name, count } = everybody) => {
    n++;
    const id = `${name}-${wholeBetween(random, 1, count)}`;
    const body = { customer: { id, email: `${id}@example.com` }, card: 'tok_ok', lines: drawLines(random) };
    return { key: `bench-${seed}-${n}`, customerId: id, body: JSON.stringify(body), twice: 'no' };
  };
}

function drawLines(random: Random): Line[] {
  const wanted = new Set<number>(random() < hotShare ? [hotSku] : []);
  const lines = wholeBetween(random, 1, linesMax);
  while (wanted.size < lines) {
    const n = wholeBetween(random, 1, skus);
    if (n !== hotSku) wanted.add(n);
  }
  return [...wanted].map((sku) => ({ sku: skuOf(sku), quantity: wholeBetween(random, 1, quantityMax) }));
}
