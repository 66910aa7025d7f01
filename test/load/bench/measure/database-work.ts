import type { Pool } from 'pg';

/** What PostgreSQL has done so far. */
export interface DatabaseWork {
  /** Committed transactions by database, statements outside of any among them. */
  transactions: Record<string, number>;
  walBytes: number;
  /** How often the write-ahead log was flushed to the disk. */
  flushes: number;
}

/** Reads the server's own statistics. A busy backend reports about once a second, so two looks are both as late. */
export async function databaseWork(server: Pool): Promise<DatabaseWork> {
  const { rows } = await server.query<{ datname: string; commits: number }>(
    `select datname, xact_commit as commits from pg_stat_database where datname is not null`,
  );
  const { rows: wal } = await server.query<{ bytes: number; flushes: number }>(
    `select (select wal_bytes from pg_stat_wal)::float8 as bytes,
            (select coalesce(sum(fsyncs), 0) from pg_stat_io where object = 'wal')::float8 as flushes`,
  );
  return {
    transactions: Object.fromEntries(rows.map(({ datname, commits }) => [datname, commits])),
    walBytes: wal[0]?.bytes ?? 0,
    flushes: wal[0]?.flushes ?? 0,
  };
}

/** What was done from one look to the next; databases in which next to nothing happened are left out. */
export function workBetween(before: DatabaseWork, after: DatabaseWork): DatabaseWork {
  const transactions = Object.entries(after.transactions)
    .map(([name, commits]): [string, number] => [name, commits - (before.transactions[name] ?? 0)])
    .filter(([name]) => !name.startsWith('template'));
  return {
    transactions: Object.fromEntries(transactions),
    walBytes: after.walBytes - before.walBytes,
    flushes: after.flushes - before.flushes,
  };
}
