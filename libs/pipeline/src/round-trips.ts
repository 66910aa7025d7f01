import { reached } from '@doorbuster/telemetry';
import type { Pool, PoolClient } from 'pg';
import type { Tx } from './store.ts';

/**
 * Reads, decides and writes in one transaction of two round trips: what is read is asked for together with the
 * `begin`, and what is written leaves together with the `commit`. Nothing waits for an answer that it does not need.
 */
export async function inTransaction<T>(
  database: Pool,
  read: (tx: Tx) => Promise<T>,
  write: (tx: Tx, read: T) => Promise<unknown>,
): Promise<T> {
  const client = await database.connect();
  // A connection that breaks is reported to whoever waits for a query, and once more as an event, which nobody
  // hears while the client is out of its pool; unheard it would end the process.
  const ignore = () => undefined;
  client.on('error', ignore);
  const { tx, firstFailure } = watchFailures(client);
  let failure: unknown;
  try {
    const [, result] = await atOnce(client, () => Promise.all([tx.query('begin'), read(tx)]));
    reached('before-commit');
    const committed = atOnce(client, () => Promise.all([write(tx, result), tx.query('commit')]));
    reached('during-commit');
    await committed;
    return result;
  } catch (error) {
    failure = firstFailure() ?? error;
    await client.query('rollback').catch(() => undefined);
    throw failure;
  } finally {
    // A connection on which something failed is not used again: nobody knows what state it is in. It may yet say that
    // it breaks, so somebody has to go on listening.
    if (failure === undefined) client.off('error', ignore);
    client.release(failure !== undefined);
  }
}

/** Of statements that are under way together the first to fail is the cause; the others only follow from it. */
function watchFailures(client: PoolClient): { tx: Tx; firstFailure(): unknown } {
  let first: unknown;
  const query = (...statement: [string]) =>
    client.query(...statement).catch((error) => {
      first ??= error;
      throw error;
    });
  return { tx: { query: query as Tx['query'] }, firstFailure: () => first };
}

/** Lets all statements that `send` begins with leave in one piece: each by itself would wake up the server. */
function atOnce<T>({ connection: { stream } }: PoolClient, send: () => Promise<T>): Promise<T> {
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}
