import type { CancelReason, PricedLine } from '@doorbuster/contracts';
import { keysOf, type Outcome, type RequestInput, rows, type Store, type Tx } from '@doorbuster/pipeline';
import type { QueryResultRow } from 'pg';
import type { State } from './checkout.saga.ts';
import { type Order, type PlaceOrder, place, unplaced } from './order.ts';

/** How orders are kept. */
export const store: Store<Order, PlaceOrder> = {
  async load(tx, inputs) {
    const known = inputs.filter(({ kind }) => kind !== 'request');
    const found = known.length === 0 ? [] : await lockOrders(tx, keysOf(known));
    return rows({
      found: new Map(found.map((order) => [order.orderId, order])),
      initial: unplaced,
      insert: insertOrders,
      update: updateOrders,
    });
  },
  recognise,
};

interface OrderRow extends QueryResultRow {
  id: string;
  customer_id: string;
  email: string;
  card: string;
  lines: PricedLine[];
  total_cents: number;
  placed_at: Date;
  state: State;
  state_since: Date;
  version: number;
  retries: number;
  reason: CancelReason | null;
  refunded_cents: number;
}

/** The order that a row holds. */
export const toOrder = (row: OrderRow): Order => ({
  orderId: row.id,
  customer: { id: row.customer_id, email: row.email },
  card: row.card,
  lines: row.lines,
  totalCents: row.total_cents,
  placedAt: row.placed_at.toISOString(),
  state: row.state,
  stateSince: row.state_since,
  version: row.version,
  retries: row.retries,
  reason: row.reason,
  refundedCents: row.refunded_cents,
});

/** Reads orders without locking them. */
export async function readOrders(tx: Tx, ids: string[]): Promise<Order[]> {
  const text = 'select * from orders where id = any($1::uuid[])';
  const { rows } = await tx.query<OrderRow>({ name: 'orders.read', text, values: [ids] });
  return rows.map(toOrder);
}

/** Every open order has a deadline, so the small table of deadlines tells how many there are. */
export async function countOpenOrders(database: Tx): Promise<number> {
  const { rows } = await database.query<{ open: number }>('select count(*) as open from deadlines');
  return rows[0]?.open ?? 0;
}

async function lockOrders(tx: Tx, ids: string[]): Promise<Order[]> {
  const text = 'select * from orders where id = any($1::uuid[]) order by id for update';
  const { rows } = await tx.query<OrderRow>({ name: 'orders.lock', text, values: [ids] });
  return rows.map(toOrder);
}

async function insertOrders(tx: Tx, orders: Order[]): Promise<void> {
  await tx.query({
    name: 'orders.insert',
    text: `insert into orders (id, customer_id, email, card, lines, total_cents, placed_at, state, version, retries)
           select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::bigint[],
                                $7::timestamptz[], $8::text[], $9::int[], $10::int[])`,
    values: [
      orders.map(({ orderId }) => orderId),
      orders.map(({ customer }) => customer.id),
      orders.map(({ customer }) => customer.email),
      orders.map(({ card }) => card),
      orders.map(({ lines }) => JSON.stringify(lines)),
      orders.map(({ totalCents }) => totalCents),
      orders.map(({ placedAt }) => placedAt),
      orders.map(({ state }) => state),
      orders.map(({ version }) => version),
      orders.map(({ retries }) => retries),
    ],
  });
}

async function updateOrders(tx: Tx, orders: Order[]): Promise<void> {
  await tx.query({
    name: 'orders.update',
    text: `update orders set state = new.state, version = new.version, retries = new.retries, reason = new.reason,
             refunded_cents = new.refunded,
             state_since = case when orders.state = new.state then state_since else now() end
           from unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::text[], $6::bigint[])
             as new (id, state, version, retries, reason, refunded)
           where orders.id = new.id`,
    values: [
      orders.map(({ orderId }) => orderId),
      orders.map(({ state }) => state),
      orders.map(({ version }) => version),
      orders.map(({ retries }) => retries),
      orders.map(({ reason }) => reason),
      orders.map(({ refundedCents }) => refundedCents),
    ],
  });
}

/**
 * Inserts the idempotency rows. What is not returned was there before: it is read again in a statement of its own,
 * because the one that met the conflict cannot see a row that was committed meanwhile.
 */
async function recognise(tx: Tx, requests: readonly RequestInput<PlaceOrder>[]) {
  const outcomes = new Map<RequestInput<PlaceOrder>, Outcome<Order>>();
  const byScope = Map.groupBy(requests, scopeOf);
  const firsts = [...byScope.values()].flatMap(([first]) => first ?? []);
  const inserted = await insertKeys(tx, firsts);
  const before = await readKeys(
    tx,
    firsts.filter((first) => !inserted.has(first.key)),
  );
  for (const twins of byScope.values()) {
    const [first] = twins;
    if (first === undefined) continue;
    const answered = before.get(scopeOf(first)) ?? {
      hash: first.request.bodyHash,
      order: place(first.request),
    };
    for (const twin of twins) {
      if (twin === first && inserted.has(first.key)) continue;
      const isSame = answered.hash.equals(twin.request.bodyHash);
      outcomes.set(twin, isSame ? { kind: 'replayed', state: answered.order } : { kind: 'conflict' });
    }
  }
  return outcomes;
}

/** JSON, so that no two pairs of texts look the same. */
const scopeOf = ({ request }: RequestInput<PlaceOrder>): string =>
  JSON.stringify([request.customer.id, request.idempotencyKey]);

/** Returns the ids of the orders whose key was new. */
async function insertKeys(tx: Tx, inputs: RequestInput<PlaceOrder>[]): Promise<Set<string>> {
  const sorted = inputs.toSorted((a, b) => (scopeOf(a) < scopeOf(b) ? -1 : 1));
  const { rows } = await tx.query<{ order_id: string }>({
    name: 'idempotency.insert',
    text: `insert into idempotency (customer_id, key, body_hash, order_id)
           select * from unnest($1::text[], $2::text[], $3::bytea[], $4::uuid[])
           on conflict do nothing returning order_id`,
    values: [
      sorted.map(({ request }) => request.customer.id),
      sorted.map(({ request }) => request.idempotencyKey),
      sorted.map(({ request }) => request.bodyHash),
      sorted.map(({ key }) => key),
    ],
  });
  return new Set(rows.map(({ order_id }) => order_id));
}

interface Answered {
  hash: Buffer;
  order: Order;
}

async function readKeys(tx: Tx, inputs: RequestInput<PlaceOrder>[]): Promise<Map<string, Answered>> {
  if (inputs.length === 0) return new Map();
  const { rows } = await tx.query<OrderRow & { scope_id: string; scope_key: string; body_hash: Buffer }>({
    name: 'idempotency.read',
    text: `select i.customer_id as scope_id, i.key as scope_key, i.body_hash, o.*
           from idempotency i join orders o on o.id = i.order_id
           join unnest($1::text[], $2::text[]) as asked (customer_id, key)
             on asked.customer_id = i.customer_id and asked.key = i.key`,
    values: [
      inputs.map(({ request }) => request.customer.id),
      inputs.map(({ request }) => request.idempotencyKey),
    ],
  });
  return new Map(
    rows.map((row) => [
      JSON.stringify([row.scope_id, row.scope_key]),
      { hash: row.body_hash, order: toOrder(row) },
    ]),
  );
}
