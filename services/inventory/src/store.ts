import type { Line } from '@doorbuster/contracts';
import { type Input, keysOf, rows, type Store, type Tx } from '@doorbuster/pipeline';
import type { QueryResultRow } from 'pg';
import type { Count, Reservation } from './stock.ts';

/**
 * How stock is kept. The batch's reservations are locked, then the counts of every SKU that they touch, in SKU
 * order. All orders of the batch are decided in memory against the same counts, and each count is written once:
 * a product that everybody wants costs one row update per batch, not one per order.
 */
export const store: Store<Reservation> = {
  async load(tx, inputs) {
    const orderIds = keysOf(inputs);
    const [found, counts] = await Promise.all([
      lockReservations(tx, orderIds),
      lockCounts(tx, skusOf(inputs), orderIds),
    ]);
    const changed = new Set<string>();
    const reservations = rows<Reservation & { orderId: string }>({
      found,
      initial: (orderId) => ({ orderId, state: 'none', version: 0, lines: [], short: [], stock: counts }),
      insert: insertReservations,
      update: updateReservations,
    });
    return {
      get: (input) => ({ ...reservations.get(input), stock: counts }),
      set(input, reservation) {
        for (const [sku, count] of reservation.stock === counts ? [] : reservation.stock) {
          counts.set(sku, count);
          changed.add(sku);
        }
        reservations.set(input, { ...reservation, orderId: input.key });
      },
      async save(tx) {
        await Promise.all([
          reservations.save(tx),
          changed.size === 0 ? undefined : updateCounts(tx, counts, [...changed]),
        ]);
      },
    };
  },
};

type Row = Reservation & { orderId: string };

interface ReservationRow extends QueryResultRow {
  order_id: string;
  state: Reservation['state'];
  version: number;
  lines: Line[];
  short: Reservation['short'];
}

const bestSellers = 10;

/** The products that sold best, and how many of each can be had. It reads the whole table, which is one row per product. */
export async function readBestSellers(database: Tx): Promise<{ sku: string; available: number }[]> {
  const { rows } = await database.query<{ sku: string; available: number }>({
    name: 'stock.best-sellers',
    text: 'select sku, on_hand as available from stock order by sold desc, sku collate "C" limit $1',
    values: [bestSellers],
  });
  return rows;
}

async function lockReservations(tx: Tx, orderIds: string[]): Promise<Map<string, Row>> {
  const { rows } = await tx.query<ReservationRow>({
    name: 'reservations.lock',
    text: 'select * from reservations where order_id = any($1::uuid[]) order by order_id for update',
    values: [orderIds],
  });
  return new Map(
    rows.map(({ order_id, state, version, lines, short }) => [
      order_id,
      { orderId: order_id, state, version, lines, short, stock: new Map() },
    ]),
  );
}

/** The SKUs that the inputs name. */
function skusOf(inputs: readonly Input[]): string[] {
  const skus = new Set<string>();
  for (const input of inputs) {
    if (input.kind !== 'message' || input.message.type !== 'ReserveStock') continue;
    for (const { sku } of input.message.data.lines) skus.add(sku);
  }
  return [...skus];
}

/** Locks the counts of these SKUs, and of those that the orders have named before. */
async function lockCounts(tx: Tx, skus: string[], orderIds: string[]): Promise<Map<string, Count>> {
  const { rows } = await tx.query<Count & { sku: string }>({
    name: 'stock.lock',
    text: `select sku, on_hand as "onHand", reserved, sold from stock
           where sku = any($1 || array(select distinct line ->> 'sku'
                                       from reservations, jsonb_array_elements(lines) as line
                                       where order_id = any($2::uuid[])))
           order by sku collate "C" for update`,
    values: [skus, orderIds],
  });
  return new Map(rows.map(({ sku, ...count }) => [sku, count]));
}

async function updateCounts(tx: Tx, counts: ReadonlyMap<string, Count>, skus: string[]): Promise<void> {
  const changed = skus.map((sku) => counts.get(sku) ?? { onHand: 0, reserved: 0, sold: 0 });
  await tx.query({
    name: 'stock.update',
    text: `update stock set on_hand = new.on_hand, reserved = new.reserved, sold = new.sold
           from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) as new (sku, on_hand, reserved, sold)
           where stock.sku = new.sku`,
    values: [
      skus,
      changed.map(({ onHand }) => onHand),
      changed.map(({ reserved }) => reserved),
      changed.map(({ sold }) => sold),
    ],
  });
}

async function insertReservations(tx: Tx, reservations: Row[]): Promise<void> {
  await tx.query({
    name: 'reservations.insert',
    text: `insert into reservations (order_id, state, version, lines, short)
           select * from unnest($1::uuid[], $2::text[], $3::int[], $4::jsonb[], $5::jsonb[])`,
    values: [
      reservations.map(({ orderId }) => orderId),
      reservations.map(({ state }) => state),
      reservations.map(({ version }) => version),
      reservations.map(({ lines }) => JSON.stringify(lines)),
      reservations.map(({ short }) => JSON.stringify(short)),
    ],
  });
}

async function updateReservations(tx: Tx, reservations: Row[]): Promise<void> {
  await tx.query({
    name: 'reservations.update',
    text: `update reservations set state = new.state, version = new.version
           from unnest($1::uuid[], $2::text[], $3::int[]) as new (order_id, state, version)
           where reservations.order_id = new.order_id`,
    values: [
      reservations.map(({ orderId }) => orderId),
      reservations.map(({ state }) => state),
      reservations.map(({ version }) => version),
    ],
  });
}
