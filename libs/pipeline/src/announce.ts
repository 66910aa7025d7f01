import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@doorbuster/messaging';
import { Client, type Pool } from 'pg';

/** One lock per database, so any constant will do; this one spells "live". */
const lockId = 0x6c697665;
const gapMs = 50;
const reconnectMs = 500;

export interface Announcer {
  /** Says that timelines have new entries. Returns at once; many calls in a row become one notice. */
  announce(): void;
  /** Resolves when everything that was to be said is said. */
  close(): Promise<void>;
}

/**
 * Tells whoever listens to this database that timelines have grown. A NOTIFY inside the transaction would take
 * PostgreSQL's one notification lock and keep it while the commit waits for the disk, batch after batch, mostly for
 * nobody. So it is sent after the commit, at most every 50 ms, and only while somebody listens: listeners hold a
 * lock that they share, and as long as it can be had alone there are none. A notice that is lost costs only time,
 * since listeners look by themselves too.
 */
export function createAnnouncer(database: Pool): Announcer {
  let isDue = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (isDue) {
      isDue = false;
      await notifyListeners(database).catch(() => undefined);
      await delay(gapMs);
    }
    running = undefined;
  }

  return {
    announce() {
      isDue = true;
      running ??= run();
    },
    async close() {
      await running;
    },
  };
}

async function notifyListeners(database: Pool): Promise<void> {
  await database.query({
    name: 'timeline.notify',
    text: `select pg_notify('timeline', '') where not pg_try_advisory_xact_lock($1)`,
    values: [lockId],
  });
}

export interface TimelineWatchOptions {
  /** A direct connection: a pooler between would forget the LISTEN and the lock. */
  databaseUrl: string;
  log: Log;
  /** Called when timelines may have grown, and after every time without a connection. */
  onChange(): void;
}

export interface TimelineWatch {
  close(): Promise<void>;
}

/** Listens for what the announcers of all instances say, on one connection that is replaced when it is lost. */
export function watchTimelines({ databaseUrl, log, onChange }: TimelineWatchOptions): TimelineWatch {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  let stopping = false;

  async function listen(client: Client): Promise<void> {
    const { promise: lost, reject } = Promise.withResolvers<never>();
    // It may be lost while nobody waits for it; then the query that is under way says so.
    lost.catch(() => undefined);
    client.on('notification', onChange);
    client.on('error', reject);
    client.on('end', () => reject(new Error('The connection ended')));
    await client.connect();
    await client.query('listen timeline');
    await client.query('select pg_advisory_lock_shared($1)', [lockId]);
    // Whatever was committed before the lock was held was announced to nobody here.
    onChange();
    await Promise.race([lost, stopped]);
  }

  async function run(): Promise<void> {
    while (!stopping) {
      const client = new Client({
        connectionString: databaseUrl,
        keepAlive: true,
        connectionTimeoutMillis: 5_000,
        statement_timeout: 10_000,
      });
      try {
        await listen(client);
      } catch (error) {
        if (!stopping) log.warn({ error: String(error) }, 'The timelines are listened to again in a moment');
      } finally {
        await client.end().catch(() => undefined);
      }
      if (!stopping) await delay(reconnectMs);
    }
  }

  const running = run();
  return {
    async close() {
      stopping = true;
      stop();
      await running;
    },
  };
}
