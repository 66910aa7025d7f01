import type { PlaceOrderBody, PricedLine } from '@doorbuster/contracts';
import type { Pool, QueryResultRow } from 'pg';
import { cardOf } from '../../../../services/acquirer/src/cards.ts';

/** A request that was checked, with the catalogue's prices. */
export interface PricedOrder extends Omit<PlaceOrderBody, 'lines'> {
  orderId: string;
  lines: PricedLine[];
  totalCents: number;
  placedAt: string;
  idempotencyKey: string;
  bodyHash: Buffer;
}

/** What became of a request: an order that ended at once, one that was placed before, or a key used for another. */
export interface Placed extends QueryResultRow {
  outcome: 'placed' | 'replayed' | 'conflict';
  id: string;
  lines: PricedLine[];
  total_cents: number;
  placed_at: Date;
  state: 'confirmed' | 'cancelled';
}

const tooFew = 'DB001';

/** Takes an order from beginning to end in one call of one function; see `schema.sql`. */
export async function placeOrder(database: Pool, order: PricedOrder): Promise<Placed> {
  return call(database, order, false).catch((error) => {
    if (error?.code !== tooFew) throw error;
    return call(database, order, true);
  });
}

async function call(database: Pool, order: PricedOrder, isOutOfStock: boolean): Promise<Placed> {
  const { customer, card, lines } = order;
  // In the order of the SKUs, so that two orders wait for each other instead of deadlocking.
  const sorted = lines.toSorted((a, b) => (a.sku < b.sku ? -1 : 1));
  const { rows } = await database.query<Placed>({
    name: 'place_order',
    text: 'select * from place_order($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
    values: [
      order.orderId,
      customer.id,
      customer.email,
      order.idempotencyKey,
      order.bodyHash,
      card,
      cardOf(card).declined ?? null,
      JSON.stringify(lines),
      sorted.map(({ sku }) => sku),
      sorted.map(({ quantity }) => quantity),
      order.totalCents,
      order.placedAt,
      isOutOfStock,
    ],
  });
  const [placed] = rows;
  if (placed === undefined) throw new Error('The order has no row');
  return placed;
}
