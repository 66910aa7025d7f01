import type { Log } from '@doorbuster/messaging';
import type { Pool } from 'pg';
import type { TimeoutInput } from './input.ts';
import { type Loop, startLoop } from './waker.ts';

const sweepMs = 250;
const nominationsMax = 500;

/**
 * Looks for deadlines that have passed, by the database's clock, so that no service's own clock matters. The
 * sweeper only nominates, in every instance; the transaction judges: a deadline counts for the version that it was
 * set for, and whoever comes second finds a newer one.
 */
export const startSweeper = (
  database: Pool,
  onTimeout: (input: TimeoutInput) => Promise<unknown>,
  log: Log,
): Loop =>
  startLoop(
    async () => {
      const due = await nominate(database);
      await Promise.all(due.map(onTimeout));
      return due.length === nominationsMax ? 'more' : 'done';
    },
    sweepMs,
    (error) => log.warn({ error: String(error) }, 'Deadlines cannot be swept'),
  );

async function nominate(database: Pool): Promise<TimeoutInput[]> {
  const { rows } = await database.query<{ key: string; version: number }>({
    name: 'deadlines.due',
    text: 'select key, version from deadlines where due_at <= now() order by due_at limit $1',
    values: [nominationsMax],
  });
  return rows.map(({ key, version }) => ({
    kind: 'timeout',
    type: 'TimedOut',
    key,
    version,
    traceparent: undefined,
    weight: 1,
  }));
}
