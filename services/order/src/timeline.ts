import type { OrderEnd, OrderView, TimelineEntry } from '@doorbuster/contracts';
import { isEnded } from '@doorbuster/saga';
import type { Pool } from 'pg';
import { checkout, type State } from './checkout.saga.ts';

/** What a customer calls the state of an order. */
export function statusOf(state: State): OrderView['status'] {
  if (state === 'confirmed' || state === 'completed') return 'confirmed';
  return isEnded(checkout, state) ? 'cancelled' : 'open';
}

/** An entry as it stands in the database, where the state is always one of the saga's. */
type Entry = TimelineEntry & { state: State };

const entry = `version, to_json(received_at at time zone 'utc') #>> '{}' || 'Z' as at, message_id as "messageId",
  type as received, state, coalesce(sent, '{}') as sent, ignored, note, trace_id as "traceId"`;

/**
 * The inbox rows of an order *are* its timeline: what came, and what the order sent because of it. What made a
 * version stands before what was ignored in it.
 */
export async function readTimeline(database: Pool, orderId: string): Promise<Entry[]> {
  const { rows } = await database.query<Entry>({
    name: 'timeline.read',
    text: `select ${entry} from inbox where key = $1 and version is not null
           order by version, ignored is not null, received_at`,
    values: [orderId],
  });
  return rows;
}

/** How far an order has come. */
export interface Progress extends Omit<OrderEnd, 'status'> {
  state: State;
}

/** What has become of an order since a version. */
export interface News {
  order: Progress;
  /** The version up to which it is told here; the order may be further already. */
  upTo: number;
  /** The entries that made the versions, in their order; a version is there when all before it are. */
  entries: Entry[];
}

/** The most versions of one order that are read at once. */
const versionsMax = 100;

/**
 * Reads what is newer than these versions, of all orders at once. An order's row is locked while it moves from one
 * version to the next, so whoever sees a version sees all before it.
 */
export async function readNews(database: Pool, since: Map<string, number>): Promise<News[]> {
  const changed = await readProgress(database, since);
  if (changed.length === 0) return [];
  const spans = changed.map((order) => {
    const after = since.get(order.id) ?? 0;
    return { order, after, upTo: Math.min(order.version, after + versionsMax) };
  });
  const { rows } = await database.query<Entry & { key: string }>({
    name: 'timeline.news',
    text: `select key, ${entry} from inbox
           join unnest($1::text[], $2::int[], $3::int[]) as span (id, after, up_to) on key = span.id
           where version > after and version <= up_to and ignored is null order by version`,
    values: [
      spans.map(({ order }) => order.id),
      spans.map(({ after }) => after),
      spans.map(({ upTo }) => upTo),
    ],
  });
  const byOrder = Map.groupBy(rows, ({ key }) => key);
  return spans.map(({ order, upTo }) => ({
    order,
    upTo,
    entries: (byOrder.get(order.id) ?? []).map(({ key: _, ...own }) => own),
  }));
}

/** The orders that are further than the version beside them; -1 finds every order that there is. */
export async function readProgress(database: Pool, since: Map<string, number>): Promise<Progress[]> {
  const { rows } = await database.query<Progress>({
    name: 'orders.progress',
    text: `select o.id, state, version, reason, refunded_cents as "refundedCents"
           from unnest($1::uuid[], $2::int[]) as known (id, after) join orders o on o.id = known.id
           where version > after`,
    values: [[...since.keys()], [...since.values()]],
  });
  return rows;
}
