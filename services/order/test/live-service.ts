import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { promisify } from 'node:util';
import { type MessageType, parseMessage } from '@doorbuster/contracts';
import { resource } from '@doorbuster/service';
import { Router } from 'express';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { createAnnouncer } from '../../../libs/pipeline/src/announce.ts';
import { createCommit } from '../../../libs/pipeline/src/recover.ts';
import type { Gathered } from '../../../libs/pipeline/src/transaction.ts';
import { createPool, migrate } from '../../../libs/service/src/database.ts';
import { closeServer, createApp, listen } from '../../../libs/service/src/http.ts';
import { createLog } from '../../../libs/service/src/log.ts';
import { servers } from '../../../test/support/servers.ts';
import { defaultLimits, type LiveLimits } from '../src/followers.ts';
import { createLive, type Live } from '../src/live.ts';
import { createDecide, type Order, type PlaceOrder } from '../src/order.ts';
import { store } from '../src/store.ts';
import { readTimeline } from '../src/timeline.ts';

const log = createLog('order-1', 'error');

/** Order without Kafka: its database, its decisions and its live streams, in a database of this test's own. */
export async function liveService() {
  const name = `live_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: databaseUrlOf('postgres') });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const databaseUrl = databaseUrlOf(name);
  await migrate(
    databaseUrl,
    { service: new URL('../migrations/', import.meta.url), withPipeline: true },
    log,
  );
  const database = createPool(databaseUrl, 5, log);
  const announcer = createAnnouncer(database);
  const listeners: pg.Client[] = [];
  const opened: { live: Live; server: Server }[] = [];
  const stopping = new AbortController();
  const decide = createDecide(10_000);
  const timeline = ({ state }: Order) => state;
  const effects = { reserve: () => 0, begin: () => undefined };
  const work = {
    service: 'order',
    database,
    store,
    decide,
    timeline,
    effects,
    relay: { isLeader: () => true, take: () => undefined },
  };
  const commitBatch = createCommit(work, { log, stopping: stopping.signal });
  let messages = 0;

  const input = (key: string, type: MessageType): Gathered<PlaceOrder, never> => {
    const message = parseMessage(type, {
      orderId: key,
      amountCents: 300,
      refundedCents: 0,
      reason: '',
      short: [],
    });
    const record = { topic: '', partition: 0, offset: '0', key, headers: {}, value: Buffer.alloc(0) };
    const id = `${key}/test/${messages++}`;
    return { kind: 'message', key, id, type, message, record, traceparent: undefined, weight: 1 };
  };

  /** Commits messages as one batch, and tells nobody. */
  async function commit(orderId: string, types: MessageType[]): Promise<void> {
    await commitBatch(types.map((type) => input(orderId, type)));
  }

  /** Says what the pipeline says after a commit; resolves when it is said. */
  async function announce(): Promise<void> {
    announcer.announce();
    await announcer.close();
  }

  return {
    database,
    commit,
    announce,

    /** What is notified from now on, to somebody who does not hold the lock of those who listen. */
    async notices(): Promise<string[]> {
      const client = new pg.Client({ connectionString: databaseUrl });
      listeners.push(client);
      await client.connect();
      const heard: string[] = [];
      client.on('notification', ({ payload = '' }) => heard.push(payload));
      await client.query('listen timeline');
      return heard;
    },

    /** Starts an instance that serves streams. */
    async open(limits: Partial<LiveLimits> = {}) {
      const live = createLive({ database, databaseUrl, log, limits: { ...defaultLimits, ...limits } });
      const routes = Router();
      resource(routes, '/orders/:id/events', { get: [live.follow] });
      const app = createApp({ isReady: () => true, routes: () => routes, operatorKeys: undefined, log });
      const { server, port } = await listen(app, '127.0.0.1', 0);
      opened.push({ live, server });
      const connections = () => promisify(server.getConnections).call(server);
      return { live, connections, origin: `http://127.0.0.1:${port}` };
    },

    async place(): Promise<string> {
      const orderId = uuidv7();
      const request: PlaceOrder = {
        orderId,
        customer: { id: 'c', email: 'c@example.com' },
        card: 'tok_ok',
        lines: [{ sku: 'A', quantity: 2, priceCents: 150 }],
        totalCents: 300,
        placedAt: new Date().toISOString(),
        idempotencyKey: orderId,
        bodyHash: Buffer.alloc(32),
      };
      const common = { key: orderId, type: 'PlaceOrder', traceparent: undefined, weight: 1 };
      await commitBatch([{ ...common, kind: 'request', request }]);
      await announce();
      return orderId;
    },

    /** Commits messages as one batch and announces it, as the pipeline does. */
    async hear(orderId: string, ...types: MessageType[]): Promise<void> {
      await commit(orderId, types);
      await announce();
    },

    /** Lets time-outs bring a new order to this version; it is `releasing` then. */
    async history(orderId: string, version: number): Promise<void> {
      const common = { key: orderId, type: 'TimedOut', traceparent: undefined, weight: 1 } as const;
      const versions = Array.from({ length: version - 1 }, (_, n) => n + 1);
      await commitBatch(versions.map((version) => ({ ...common, kind: 'timeout', version })));
    },

    /** Lets nobody read this table until it is unlocked. */
    async lock(table: 'inbox' | 'orders'): Promise<() => Promise<unknown>> {
      const client = await database.connect();
      await client.query(`begin; lock table ${table} in access exclusive mode`);
      return () => client.query('commit').finally(() => client.release());
    },

    /** True while some statement waits for a table that is locked. */
    async hasWaiting(): Promise<boolean> {
      const { rowCount } = await admin.query(
        `select from pg_locks l join pg_database d on d.oid = l.database
         where l.locktype = 'relation' and not l.granted and d.datname = $1`,
        [name],
      );
      return rowCount !== 0;
    },

    timeline: (orderId: string) => readTimeline(database, orderId),

    /** The backends that hold the lock of those who listen. */
    async listeners(): Promise<number[]> {
      const { rows } = await admin.query<{ pid: number }>(
        `select pid from pg_locks join pg_database d on d.oid = database
         where locktype = 'advisory' and granted and d.datname = $1`,
        [name],
      );
      return rows.map(({ pid }) => pid);
    },

    async close() {
      for (const { live, server } of opened) {
        const closed = closeServer(server);
        await live.close();
        server.closeAllConnections();
        await closed;
      }
      await Promise.all([...listeners, database].map((one) => one.end()));
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

export type LiveService = Awaited<ReturnType<typeof liveService>>;

const databaseUrlOf = (database: string): string =>
  Object.assign(new URL(servers().postgres['order'] ?? ''), { pathname: `/${database}` }).toString();
