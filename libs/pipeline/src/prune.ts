import { type Log, TOPIC_RETENTION_MS } from '@doorbuster/messaging';
import type { Pool } from 'pg';
import { type Loop, startLoop } from './waker.ts';

const dayMs = 86_400_000;
/** A message can come again as long as its topic keeps it; the day is for clocks and for whoever is late. */
const horizonMs = TOPIC_RETENTION_MS + dayMs;
const everyMs = 60_000;
/** So few that nobody waits for them. */
const rowsMax = 5_000;

/**
 * Forgets in the background which messages were handled, once they cannot come again. Only where the inbox is nothing
 * but an inbox: in the service that keeps the timelines its rows are the orders' history. Beneath it the business keys
 * stay for good, so a message that came after all would change nothing.
 */
export const startPruner = (database: Pool, log: Log): Loop =>
  startLoop(
    async () => ((await pruneInbox(database)) === rowsMax ? 'more' : 'done'),
    everyMs,
    (error) => log.warn({ error: String(error) }, 'The inbox cannot be pruned'),
  );

/** Two instances may prune at once: each takes what the other has not locked. */
async function pruneInbox(database: Pool): Promise<number> {
  const { rowCount } = await database.query({
    name: 'inbox.prune',
    text: `delete from inbox where ctid = any(array(
             select ctid from inbox where received_at < now() - $1 * interval '1 ms'
             limit $2 for update skip locked))`,
    values: [horizonMs, rowsMax],
  });
  return rowCount ?? 0;
}
