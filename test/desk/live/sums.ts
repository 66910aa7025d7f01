import type { Pool } from 'pg';
import type { ShopInfo } from '../../audit/sources.ts';

/** Orders by their ids, which are UUIDv7 and so begin with the time of placing: from this id on, up to that one. */
export interface Range {
  from: string;
  to: string;
}

export type Databases = Record<keyof ShopInfo['auditor'], Pool>;

/** What every book says about the orders of a range. Amounts are in pence. */
export interface Sums extends OrderSums, AcquirerSums, PaymentSums, ReservationSums, NotificationSums {
  /** What the acquirer had taken before the orders were read; `capturedCents` is what it had afterwards. */
  capturedCentsBefore: number;
}

export interface OrderSums {
  orders: number;
  confirmed: number;
  completed: number;
  cancelled: number;
  /** Neither completed nor cancelled. */
  unfinished: number;
  confirmedCents: number;
  /** Of orders that are neither confirmed nor cancelled. */
  openCents: number;
  returnedCents: number;
  completedItems: number;
  unfinishedItems: number;
  versions: number;
  steps: number;
}

const orderText = `
  select count(*) as orders, count(*) filter (where state in ('confirmed', 'completed')) as confirmed,
    count(*) filter (where state = 'completed') as completed, count(*) filter (where state = 'cancelled') as cancelled,
    count(*) filter (where state not in ('completed', 'cancelled')) as unfinished,
    coalesce(sum(total_cents) filter (where state in ('confirmed', 'completed')), 0)::bigint as "confirmedCents",
    coalesce(sum(total_cents) filter (where state not in ('confirmed', 'completed', 'cancelled')), 0)::bigint
      as "openCents",
    coalesce(sum(refunded_cents), 0)::bigint as "returnedCents",
    coalesce(sum(items) filter (where state = 'completed'), 0)::bigint as "completedItems",
    coalesce(sum(items) filter (where state not in ('completed', 'cancelled')), 0)::bigint as "unfinishedItems",
    coalesce(sum(version), 0)::bigint as versions,
    (select count(*) from inbox where key >= range.from_id::text and key < range.to_id::text
       and version is not null and ignored is null) as steps
  from orders, lateral (select sum((line ->> 'quantity')::bigint) as items from jsonb_array_elements(lines) as line)
  where id >= range.from_id and id < range.to_id`;

interface AcquirerSums {
  captures: number;
  capturedOrders: number;
  capturedCents: number;
  refundedCents: number;
}

const acquirerText = `
  select count(*) as captures, count(distinct order_id) as "capturedOrders",
    coalesce(sum(amount_cents), 0)::bigint as "capturedCents",
    (select coalesce(sum(amount_cents), 0)::bigint from refunds
     where order_id >= range.from_id and order_id < range.to_id) as "refundedCents"
  from charges where order_id >= range.from_id and order_id < range.to_id and state = 'captured'`;

interface PaymentSums {
  bookedCents: number;
  givenBackCents: number;
  /** What operators gave back by other means, of which the acquirer does not know. */
  byHandCents: number;
}

const paymentText = `
  select coalesce(sum(captured_cents), 0)::bigint as "bookedCents",
    coalesce(sum(refunded_cents), 0)::bigint as "givenBackCents",
    coalesce(sum(refunded_cents) filter (where by_hand is not null), 0)::bigint as "byHandCents"
  from payments where order_id >= range.from_id and order_id < range.to_id`;

interface ReservationSums {
  reserved: number;
  committed: number;
}

const reservationText = `
  select count(*) filter (where state = 'reserved') as reserved,
    count(*) filter (where state = 'committed') as committed
  from reservations where order_id >= range.from_id and order_id < range.to_id`;

interface NotificationSums {
  recorded: number;
  told: number;
}

const notificationText = `
  select count(*) as recorded, count(*) filter (where state <> 'due') as told
  from notifications where order_id >= range.from_id and order_id < range.to_id`;

/** A row of sums for each range, in one round trip and in one snapshot. */
async function sumsOf<Row extends object>(database: Pool, text: string, ranges: Range[]): Promise<Row[]> {
  const { rows } = await database.query<Row>(
    `select sums.* from unnest($1::uuid[], $2::uuid[]) with ordinality as range (from_id, to_id, n),
     lateral (${text}) as sums order by n`,
    [ranges.map(({ from }) => from), ranges.map(({ to }) => to)],
  );
  return rows;
}

/**
 * Reads what every book says about these ranges. As with the auditor, what customers were told is read before the
 * orders, and stock and money after them; the acquirer is read on both sides, for a bound on either.
 */
export async function readSums(databases: Databases, ranges: Range[]): Promise<Sums[]> {
  const { order, payment, inventory, notification, acquirer } = databases;
  const [notifications, before] = await Promise.all([
    sumsOf<NotificationSums>(notification, notificationText, ranges),
    sumsOf<AcquirerSums>(acquirer, acquirerText, ranges),
  ]);
  const orders = await sumsOf<OrderSums>(order, orderText, ranges);
  const [after, payments, reservations] = await Promise.all([
    sumsOf<AcquirerSums>(acquirer, acquirerText, ranges),
    sumsOf<PaymentSums>(payment, paymentText, ranges),
    sumsOf<ReservationSums>(inventory, reservationText, ranges),
  ]);
  return orders.map((sums, n) => ({
    ...sums,
    ...nth(after, n),
    ...nth(payments, n),
    ...nth(reservations, n),
    ...nth(notifications, n),
    capturedCentsBefore: nth(before, n).capturedCents,
  }));
}

function nth<Row>(rows: Row[], n: number): Row {
  const row = rows[n];
  if (row === undefined) throw new RangeError('a range has no sums');
  return row;
}

/** The sums of all of them. */
export function addUp(all: readonly Sums[]): Sums {
  const total: Sums = { ...none };
  for (const sums of all) for (const field of fields) total[field] += sums[field];
  return total;
}

export const none: Sums = {
  orders: 0,
  confirmed: 0,
  completed: 0,
  cancelled: 0,
  unfinished: 0,
  confirmedCents: 0,
  openCents: 0,
  returnedCents: 0,
  completedItems: 0,
  unfinishedItems: 0,
  versions: 0,
  steps: 0,
  captures: 0,
  capturedOrders: 0,
  capturedCents: 0,
  capturedCentsBefore: 0,
  refundedCents: 0,
  bookedCents: 0,
  givenBackCents: 0,
  byHandCents: 0,
  reserved: 0,
  committed: 0,
  recorded: 0,
  told: 0,
};
// What an object literal of this type has are its fields.
const fields = Object.keys(none) as (keyof Sums)[];
