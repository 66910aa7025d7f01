import { setTimeout as pause } from 'node:timers/promises';
import { readingPool } from '../audit/database.ts';

/** Watches what becomes of accepted orders. */
export interface Following {
  /** An order to watch, that had been scheduled for this moment, in milliseconds since 1970. */
  add(orderId: string, scheduledAtMs: number): void;
  readonly confirmed: number;
  readonly cancelled: number;
  readonly open: number;
  /** From the scheduled time to the confirmation. */
  readonly confirmMs: readonly number[];
  readonly confirmedAtMs: readonly number[];
  /** The first order that was accepted. */
  readonly firstOrderId: string | undefined;
  close(): Promise<void>;
}

const everyMs = 250;
/** As many orders are looked up at once; with more open, the oldest come first and the others have their turn. */
const chunk = 1_000;

/**
 * Follows orders by reading their database: one cheap query every so often for all that are open, where asking over
 * HTTP for each would be a load of its own. The moment of confirmation is the timeline's, by the same machine's clock.
 */
export function followOrders(orderDatabaseUrl: string): Following {
  const database = readingPool(orderDatabaseUrl);
  const open = new Map<string, number>();
  const seen = { confirmed: 0, cancelled: 0, first: undefined as string | undefined };
  const confirmMs: number[] = [];
  const confirmedAtMs: number[] = [];
  const stopping = new AbortController();

  async function look(): Promise<void> {
    const ids = [...open.keys()].slice(0, chunk);
    if (ids.length === 0) return;
    const { rows } = await database.query<{ id: string; atMs: number | null }>({
      name: 'follow',
      text,
      values: [ids],
    });
    for (const { id, atMs } of rows) settle(id, atMs);
    // What is still open goes to the end, so that those behind it are not left unseen.
    if (open.size > chunk) for (const id of ids) requeue(id);
  }

  function settle(id: string, atMs: number | null): void {
    const scheduledAtMs = open.get(id) ?? 0;
    open.delete(id);
    if (atMs === null) {
      seen.cancelled++;
      return;
    }
    seen.confirmed++;
    confirmMs.push(Math.max(0, atMs - scheduledAtMs));
    confirmedAtMs.push(atMs);
  }

  function requeue(id: string): void {
    const scheduledAtMs = open.get(id);
    if (scheduledAtMs === undefined || !open.delete(id)) return;
    open.set(id, scheduledAtMs);
  }

  const looking = (async () => {
    while (!stopping.signal.aborted) {
      // A database that is down for a moment is a fault that the shop has to survive, and so has whoever watches it.
      await look().catch(() => undefined);
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    add(orderId, scheduledAtMs) {
      seen.first ??= orderId;
      open.set(orderId, scheduledAtMs);
    },
    get confirmed() {
      return seen.confirmed;
    },
    get cancelled() {
      return seen.cancelled;
    },
    get open() {
      return open.size;
    },
    get firstOrderId() {
      return seen.first;
    },
    confirmMs,
    confirmedAtMs,
    async close() {
      stopping.abort();
      await looking;
      await look().catch(() => undefined);
      await database.end().catch(() => undefined);
    },
  };
}

const text = `
  select orders.id::text as id, (1000 * extract(epoch from entry.received_at))::float8 as "atMs"
  from orders left join lateral (
    select received_at from inbox where key = orders.id::text and state = 'confirmed' and ignored is null
    order by version limit 1
  ) entry on orders.state <> 'cancelled'
  where orders.id = any($1::uuid[]) and orders.state in ('confirmed', 'completed', 'cancelled')`;
