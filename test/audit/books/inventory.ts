import type { Client } from 'pg';
import { stretches } from '../database.ts';

export interface StockEntry {
  sku: string;
  initial: number;
  restocked: number;
  onHand: number;
  reserved: number;
  sold: number;
}

export interface ReservationEntry {
  orderId: string;
  state: string;
}

export interface InventoryBooks {
  stock: StockEntry[];
  reservations: ReservationEntry[];
  /** How many of each SKU the reservations of state `reserved` add up to. */
  reservedItems: Map<string, number>;
  /** And those of state `committed`. */
  committedItems: Map<string, number>;
}

/** Reads the counts, and the reservations that they have to be the sum of. */
export async function readInventory(database: Client): Promise<InventoryBooks> {
  const { rows: reservations } = await database.query<ReservationEntry>(
    'select order_id::text as "orderId", state from reservations order by reservations.order_id',
  );
  const reservedItems = new Map<string, number>();
  const committedItems = new Map<string, number>();
  for (const ends of stretches(reservations.map(({ orderId }) => orderId))) {
    const { rows } = await database.query<{ state: string; sku: string; quantity: number }>(
      `select state, line.sku, sum(line.quantity)::bigint as quantity
       from reservations, jsonb_to_recordset(lines) as line (sku text, quantity bigint)
       where order_id between $1 and $2 and state in ('reserved', 'committed') group by state, line.sku`,
      ends,
    );
    for (const { state, sku, quantity } of rows) {
      const items = state === 'reserved' ? reservedItems : committedItems;
      items.set(sku, (items.get(sku) ?? 0) + quantity);
    }
  }
  const { rows: stock } = await database.query<StockEntry>(
    'select sku, initial, restocked, on_hand as "onHand", reserved, sold from stock order by sku',
  );
  return { stock, reservations, reservedItems, committedItems };
}
