import { AsyncResource } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from './log.ts';
import { observePool } from './pool-metrics.ts';

const int8 = 20;
// `bigint` columns hold pence and counts that stay far below 2^53; what does not is a bug that must not be rounded.
pg.types.setTypeParser(int8, (text) => {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is too large to be counted with`);
  return number;
});

/**
 * Everything on an order's way is found by an index. A plan that PostgreSQL makes while a table is still empty scans
 * it, and a prepared statement keeps that plan until the table is analysed: a minute in which a young shop reads
 * every row it has, again and again. Without scans as a choice the plan is right from the first order on.
 */
const planning = '-c enable_seqscan=off';

/** A pool with every limit set. */
export function createPool(connectionString: string, max: number, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 10_000,
    // Longer than the database's own limit: who has heard nothing by then is cut off, and nobody said so.
    query_timeout: 12_000,
    lock_timeout: 5_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    // Statements that do not need each other's answers share a round trip.
    pipeline: true,
    options: planning,
  });
  // Who waited for a connection would else go on in the trace of whoever gave it back.
  const connect = pool.connect.bind(pool) as (callback?: () => void) => Promise<pg.PoolClient>;
  pool.connect = ((callback) =>
    connect(callback && AsyncResource.bind(callback as () => void))) as typeof pool.connect;
  // A connection that was given up because of an error may break afterwards, when nobody else listens any more; unheard
  // it would end the process.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  // An idle connection that breaks is replaced when the next one is asked for.
  pool.on('error', (error) => log.warn({ error: String(error) }, 'A database connection broke'));
  observePool(pool, new URL(connectionString).pathname.slice(1));
  return pool;
}

const pipelineMigrations = new URL('../../pipeline/migrations/', import.meta.url);
const migrationLock = 0x6d696772;

/**
 * Brings the database to this version's schema. Instances that start together take turns; a database that is not
 * there yet is waited for, since a service without one is not ready, not dead.
 */
export async function migrate(
  databaseUrl: string,
  { service, withPipeline }: { service: URL; withPipeline: boolean },
  log: Logger,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
    try {
      await client.connect();
      await client.query('select pg_advisory_lock($1)', [migrationLock]);
      if (withPipeline) await migrateFolder(client, pipelineMigrations, 'pipeline_migrations');
      await migrateFolder(client, service, 'service_migrations');
      return;
    } catch (error) {
      if (!isAway(error)) throw error;
      if (attempt === 1) log.warn({ error: String(error) }, 'The database is not there yet');
      await delay(500);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function migrateFolder(dbClient: pg.Client, folder: URL, migrationsTable: string): Promise<void> {
  await runner({
    dbClient,
    dir: fileURLToPath(folder),
    migrationsTable,
    direction: 'up',
    noLock: true,
    log: () => undefined,
  });
}

/** The server is not listening, starting up or shutting down. */
function isAway(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(E[A-Z]+|57P0\d|08\d{3}|53300)$/.test(code) || /timeout|terminated/i.test(String(error));
}
