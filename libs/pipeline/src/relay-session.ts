import { Client } from 'pg';

/** Longer than the database lets a statement run: who has heard nothing by then will not. */
const answerMs = 12_000;
/** As long as Kafka waits for a member that says nothing. */
const silentMs = 6_000;
const heartbeatMs = 1_000;
/** One lock per database, so any constant will do; this one spells "door". */
const lockId = 0x646f6f72;

/** The one connection of a relay, not connected yet. Whoever holds the lock holds it for as long as this lives. */
export const createSession = (databaseUrl: string): Client =>
  new Client({
    connectionString: databaseUrl,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    query_timeout: answerMs,
    pipeline: true,
  });

/** Connects. The database ends a session of which it hears nothing: of a process that stands still, or is cut off. */
export async function openSession(session: Client): Promise<void> {
  await session.connect();
  // A lost delete is only a message that is sent again, so nobody waits for the disk because of it.
  // Plans that were made while the outbox was empty must not scan it once it is not.
  await session.query(
    `set synchronous_commit = off; set enable_seqscan = off; set idle_session_timeout = ${silentMs}; listen outbox`,
  );
}

export async function tryLock(session: Client): Promise<boolean> {
  const { rows } = await session.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [
    lockId,
  ]);
  return rows[0]?.held ?? false;
}

/** Keeps the lock while the work takes its time: a slow Kafka is no reason to lose it, and to send everything again. */
export async function keepLock<T>(session: Client, work: Promise<T>): Promise<T> {
  // That the session is lost is told to whoever needs it next.
  const beat = () => void session.query('select').catch(() => undefined);
  const timer = setInterval(beat, heartbeatMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
