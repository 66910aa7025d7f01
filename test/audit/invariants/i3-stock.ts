// I3: on hand + reserved + sold = initial + restocked, per SKU; never negative.

import type { StockEntry } from '../books/inventory.ts';
import type { Books } from '../books.ts';
import type { Finding, Invariant } from '../invariant.ts';
import { count, counted, sum } from '../words.ts';

export const stock: Invariant = {
  id: 'I3',
  name: 'every item of stock is accounted for',
  judge: (books) => ({
    evidence: evidence(books),
    findings: [...counts(books), ...held(books), ...(books.isQuiet ? sums(books) : [])],
  }),
};

function evidence({ inventory: { stock }, isQuiet }: Books): string {
  const total = (field: Exclude<keyof StockEntry, 'sku'>) => count(sum(stock, (entry) => entry[field]));
  const out = stock.filter(({ onHand, sold }) => onHand === 0 && sold > 0);
  const soldOut = out.slice(0, 3).map(({ sku, sold }) => `${sku} ${count(sold)}`);
  return [
    `${counted(stock.length, 'SKU')}: on hand ${total('onHand')} + reserved ${total('reserved')} + sold ${total('sold')}`,
    ` = initial ${total('initial')} + restocked ${total('restocked')}`,
    isQuiet
      ? '; sold = what the confirmed orders add up to'
      : '; sums of orders not compared while some are open',
    out.length === 0
      ? ''
      : `; ${count(out.length)} sold out (${soldOut.join(', ')}${out.length > 3 ? ', …' : ''})`,
  ].join('');
}

function* counts({ inventory }: Books): Generator<Finding> {
  for (const { sku, initial, restocked, onHand, reserved, sold } of inventory.stock) {
    const isWhole = onHand + reserved + sold === initial + restocked;
    if (isWhole && Math.min(onHand, reserved, sold) >= 0) continue;
    const text =
      `SKU ${sku}: on hand ${count(onHand)} + reserved ${count(reserved)} + sold ${count(sold)}, ` +
      `initial ${count(initial)} + restocked ${count(restocked)}`;
    yield { subject: sku, text };
  }
}

/** What an order may hold is decided by how it ended: a cancelled one nothing, a completed one what it bought. */
function* held({ order, inventory }: Books): Generator<Finding> {
  const stateOf = new Map<string, string>();
  for (const { orderId, state } of inventory.reservations) {
    if (stateOf.has(orderId))
      yield { subject: orderId, text: `order ${orderId} has more than one reservation` };
    stateOf.set(orderId, state);
  }
  for (const entry of order.orders) {
    const state = stateOf.get(entry.id) ?? 'none';
    const isWrong =
      (entry.state === 'cancelled' && (state === 'reserved' || state === 'committed')) ||
      (entry.state === 'completed' && state !== 'committed') ||
      (entry.state === 'confirmed' && state !== 'reserved' && state !== 'committed');
    if (isWrong)
      yield { subject: entry.id, text: `order ${entry.id} is ${entry.state}, its reservation ${state}` };
  }
}

/** The counts are the sums of what the reservations, and in the end the confirmed orders, say. */
function* sums({ order, inventory }: Books): Generator<Finding> {
  const { reservedItems, committedItems } = inventory;
  const known = new Set<string>();
  for (const { sku, reserved, sold } of inventory.stock) {
    known.add(sku);
    const says = {
      held: reservedItems.get(sku) ?? 0,
      committed: committedItems.get(sku) ?? 0,
      confirmed: order.confirmedItems.get(sku) ?? 0,
    };
    if (reserved === says.held && sold === says.committed && sold === says.confirmed) continue;
    const text =
      `SKU ${sku}: stock says reserved ${count(reserved)}, sold ${count(sold)}; reservations say ` +
      `${count(says.held)}, ${count(says.committed)}; confirmed orders say ${count(says.confirmed)}`;
    yield { subject: sku, text };
  }
  for (const [sku, quantity] of order.confirmedItems) {
    if (!known.has(sku))
      yield { subject: sku, text: `SKU ${sku}: confirmed orders say ${quantity}, it is not stocked` };
  }
}
