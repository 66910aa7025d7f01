import type { Client } from 'pg';
import { stretches } from '../database.ts';

export interface OrderEntry {
  id: string;
  state: string;
  version: number;
  totalCents: number;
  refundedCents: number;
  /** Since it was placed, by the database's clock. */
  ageMs: number;
}

export interface KeyEntry {
  customerId: string;
  key: string;
  orderId: string;
}

export interface OrderBooks {
  /** A list and not a map: what is there twice has to show. */
  orders: OrderEntry[];
  keys: KeyEntry[];
  /** How many of each SKU the confirmed orders add up to. */
  confirmedItems: Map<string, number>;
  /** How many orders there were when all the other books had been read. */
  countAfterwards: number;
}

/** Reads the orders, the keys they were asked for by, and what the confirmed ones ordered. */
export async function readOrders(database: Client): Promise<Omit<OrderBooks, 'countAfterwards'>> {
  const { rows: orders } = await database.query<OrderEntry>(
    `select id::text, state, version, total_cents as "totalCents", refunded_cents as "refundedCents",
            (1000 * extract(epoch from now() - placed_at))::float8 as "ageMs"
     from orders order by orders.id`,
  );
  const { rows: keys } = await database.query<KeyEntry>(
    'select customer_id as "customerId", key, order_id::text as "orderId" from idempotency',
  );
  return { orders, keys, confirmedItems: await itemsOfConfirmed(database, orders) };
}

/** Orders are many and long, so their lines are added up by the database, a stretch of orders at a time. */
async function itemsOfConfirmed(database: Client, orders: OrderEntry[]): Promise<Map<string, number>> {
  const items = new Map<string, number>();
  for (const ends of stretches(orders.map(({ id }) => id))) {
    const { rows } = await database.query<{ sku: string; quantity: number }>(
      `select line.sku, sum(line.quantity)::bigint as quantity
       from orders, jsonb_to_recordset(lines) as line (sku text, quantity bigint)
       where id between $1 and $2 and state in ('confirmed', 'completed') group by line.sku`,
      ends,
    );
    for (const { sku, quantity } of rows) items.set(sku, (items.get(sku) ?? 0) + quantity);
  }
  return items;
}

export async function countOrders(database: Client): Promise<number> {
  const { rows } = await database.query<{ count: number }>('select count(*) as count from orders');
  return rows[0]?.count ?? 0;
}
