import { randomUUID } from 'node:crypto';
import { type Message, toHeaders, topicOf } from '@doorbuster/contracts';
import { createPublisher, type Log, type OutgoingRecord } from '@doorbuster/messaging';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { servers } from '../../../test/support/servers.ts';
import { migrate } from '../../service/src/database.ts';
import { createLog } from '../../service/src/log.ts';
import {
  type Decision,
  type Input,
  keysOf,
  type Pipeline,
  type PipelineOptions,
  rows,
  type Store,
  startPipeline,
} from '../src/index.ts';

/** The smallest service there can be: it counts the `StockReserved` of each order and answers each once. */
export interface Tally {
  orderId: string;
  version: number;
  seen: number;
}

export const log: Log = createLog('tally-1', 'error');

export const store: Store<Tally> = {
  async load(tx, inputs) {
    const text = `select order_id as "orderId", version, seen from tallies where order_id = any($1) order by 1 for update`;
    const found = await tx.query<Tally>(text, [keysOf(inputs)]);
    const columns = (tallies: Tally[]) => [
      tallies.map(({ orderId }) => orderId),
      tallies.map(({ version }) => version),
      tallies.map(({ seen }) => seen),
    ];
    return rows<Tally>({
      found: new Map(found.rows.map((tally) => [tally.orderId, tally])),
      initial: (orderId) => ({ orderId, version: 0, seen: 0 }),
      insert: async (tx, tallies) => {
        await tx.query(
          'insert into tallies select * from unnest($1::text[], $2::int[], $3::int[])',
          columns(tallies),
        );
      },
      update: async (tx, tallies) => {
        await tx.query(
          `update tallies set version = new.version, seen = new.seen
           from unnest($1::text[], $2::int[], $3::int[]) as new (order_id, version, seen)
           where tallies.order_id = new.order_id`,
          columns(tallies),
        );
      },
    });
  },
};

/** Orders about which the decision throws, as a bug would. */
export const cursed = new Set<string>();

export function decide(tally: Tally, input: Input): Decision<Tally> {
  if (cursed.has(input.key)) throw new Error('a bug');
  return {
    state: { ...tally, version: tally.version + 1, seen: tally.seen + 1 },
    messages: [{ type: 'PaymentClosed', data: { orderId: input.key, refundedCents: tally.seen } }],
  };
}

/** What instances of one service may differ in: versions while another is rolled out, and their way to the database. */
export type Version = Partial<
  Pick<PipelineOptions<Tally, never, never>, 'consumes' | 'parse' | 'decide' | 'onChanged' | 'databaseUrl'>
>;

/** A service of its own for one test: an own database and an own consumer group on the shared servers. */
export async function tallyService(
  own: Version & Partial<Pick<PipelineOptions<Tally, never, never>, 'effects'>> = {},
) {
  const { postgres, kafka } = servers();
  const name = `tally_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: databaseUrlOf(postgres['order'], 'postgres') });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const databaseUrl = databaseUrlOf(postgres['order'], name);
  const database = new pg.Pool({ connectionString: databaseUrl, max: 5, pipeline: true });
  // A test may cut connections; the pool replaces them when they are asked for again.
  database.on('error', () => undefined);
  await migrate(
    databaseUrl,
    { service: new URL('./migrations/', import.meta.url), withPipeline: true },
    log as never,
  );
  const started: Pipeline<Tally, never>[] = [];
  return {
    name,
    database,
    databaseUrl,
    admin,
    async start(clientId = 'tally-1', version: Version = {}) {
      const pipeline = await startPipeline<Tally>({
        service: name,
        database,
        databaseUrl,
        kafka: { brokers: kafka, clientId, log },
        log,
        consumes: ['StockReserved'],
        store,
        decide,
        onFatal: (error) => log.error({ error: String(error) }, 'fatal'),
        ...own,
        ...version,
      });
      started.push(pipeline);
      return pipeline;
    },
    async seen(orderIds: string[]): Promise<number[]> {
      const { rows } = await database.query<Tally>(
        'select order_id as "orderId", seen from tallies where order_id = any($1)',
        [orderIds],
      );
      const byId = new Map(rows.map(({ orderId, seen }) => [orderId, seen]));
      return orderIds.map((orderId) => byId.get(orderId) ?? 0);
    },
    async count(table: string): Promise<number> {
      const { rows } = await database.query<{ n: number }>(`select count(*)::int as n from ${table}`);
      return rows[0]?.n ?? 0;
    },
    async close() {
      await Promise.all(started.map((pipeline) => pipeline.close()));
      await database.end();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

export type TallyService = Awaited<ReturnType<typeof tallyService>>;

const databaseUrlOf = (url: string | undefined, database: string): string =>
  Object.assign(new URL(url ?? ''), { pathname: `/${database}` }).toString();

/** New order ids, so that no two tests meet. */
export const orderIds = (count: number): string[] => Array.from({ length: count }, () => uuidv7());

/** A record as the inventory service would send it. */
export function reserved(orderId: string, { id = `${orderId}/inventory/1/0` } = {}): OutgoingRecord {
  const message: Message = { type: 'StockReserved', data: { orderId } };
  const time = '2026-11-27T00:00:00.000Z';
  return {
    topic: topicOf(message.type).name,
    key: orderId,
    headers: toHeaders({ id, type: message.type, source: 'inventory', time, traceparent: undefined }),
    value: JSON.stringify(message.data),
  };
}

/** Sends records to the shared Kafka. */
export async function publish(records: OutgoingRecord[]): Promise<void> {
  const publisher = await createPublisher({ brokers: servers().kafka, clientId: 'test' });
  await publisher.publish(records);
  await publisher.close();
}
