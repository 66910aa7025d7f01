import { setTimeout as delay } from 'node:timers/promises';
import { toHeaders } from '@doorbuster/contracts';
import type { Log, OutgoingRecord, Publisher } from '@doorbuster/messaging';
import { SpanKind } from '@opentelemetry/api';
import { Client } from 'pg';
import { envelopeOf } from './tables.ts';
import { orderSpan } from './trace.ts';
import { createWaker } from './waker.ts';

export interface RelayOptions {
  service: string;
  /** A direct connection: a pooler between would take the advisory lock away unseen. */
  databaseUrl: string;
  publisher: Publisher;
  log: Log;
}

export interface Relay {
  /** True while this process holds the lock, so that its own commits need no NOTIFY. */
  isLeader(): boolean;
  /** Says that the outbox has new rows. */
  wake(): void;
  /** Publishes what is there once more, then gives the lock back. */
  close(): Promise<void>;
}

interface OutboxRow {
  id: string;
  message_id: string;
  topic: string;
  key: string;
  type: string;
  decided_at: Date;
  traceparent: string | null;
  data: string;
}

const batchRows = 1_000;
/** All records of one partition travel as one batch, and a broker refuses a batch of more than 1 MiB. */
const batchBytes = 524_288;
const pollMs = 500;
const reconnectMs = 500;
/** One lock per database, so any constant will do; this one spells "door". */
const lockId = 0x646f6f72;

/**
 * Publishes the outbox, one relay at a time per database. The lock, the select and the delete share one
 * connection: when the lock is lost, so is the connection, and the delete fails with it. A stale relay can
 * therefore only send again what receivers recognise; it never removes what it did not send.
 * Source: the transactional outbox, Richardson, "Microservices Patterns", 2018.
 */
export function startRelay({ service, databaseUrl, publisher, log }: RelayOptions): Relay {
  const waker = createWaker();
  let leader = false;
  let stopping = false;

  async function lead(client: Client): Promise<void> {
    // A lost delete is only a message that is sent again, so nobody waits for the disk because of it.
    // Plans that were made while the outbox was empty must not scan it once it is not.
    await client.query('set synchronous_commit = off; set enable_seqscan = off; listen outbox');
    client.on('notification', waker.wake);
    while (!stopping) {
      leader ||= await tryLock(client);
      if (leader) await publishAll(client);
      if (!stopping) await waker.wait(pollMs);
    }
    if (leader) await publishAll(client);
  }

  /** Publishes what waits, the oldest first, until nothing does. */
  async function publishAll(client: Client): Promise<void> {
    let waiting = firstOf(await next(client));
    while (waiting.length > 0) {
      await send(waiting);
      // No transaction is open during the send, so nothing in the database waits for Kafka. What was sent is deleted,
      // and what came meanwhile is read, in one round trip.
      const ids = waiting.map(({ id }) => id);
      const text = 'delete from outbox where id = any($1)';
      const [, rows] = await Promise.all([
        client.query({ name: 'outbox.sent', text, values: [ids] }),
        next(client),
      ]);
      waiting = firstOf(rows);
    }
  }

  async function send(rows: OutboxRow[]): Promise<void> {
    const sending = rows.map((row) => toRecord(row, service));
    let failure: unknown;
    try {
      await publisher.publish(sending.map(({ record }) => record));
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      for (const { span } of sending) span.end(failure);
    }
  }

  async function run(): Promise<void> {
    while (!stopping) {
      const client = new Client({
        connectionString: databaseUrl,
        keepAlive: true,
        statement_timeout: 10_000,
        pipeline: true,
      });
      client.on('error', waker.wake);
      try {
        await client.connect();
        await lead(client);
      } catch (error) {
        if (!stopping) log.warn({ error: String(error) }, 'The relay starts again');
      } finally {
        leader = false;
        await client.end().catch(() => undefined);
      }
      if (!stopping) await delay(reconnectMs);
    }
  }

  const running = run();
  return {
    isLeader: () => leader,
    wake: waker.wake,
    async close() {
      stopping = true;
      waker.wake();
      await running;
    },
  };
}

async function next(client: Client): Promise<OutboxRow[]> {
  const text = 'select * from outbox order by id limit $1';
  const { rows } = await client.query<OutboxRow>({ name: 'outbox.next', text, values: [batchRows] });
  return rows;
}

/** As many rows as fit into one request; at least one, however large it is. */
function firstOf(rows: OutboxRow[]): OutboxRow[] {
  let bytes = 0;
  const end = rows.findIndex(({ data }, i) => {
    bytes += Buffer.byteLength(data);
    return i > 0 && bytes > batchBytes;
  });
  return end === -1 ? rows : rows.slice(0, end);
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [lockId]);
  return rows[0]?.held ?? false;
}

function toRecord(row: OutboxRow, service: string) {
  const span = orderSpan(`send ${row.topic}`, SpanKind.PRODUCER, row.traceparent ?? undefined, {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'send',
    'messaging.operation.name': 'send',
    'messaging.destination.name': row.topic,
    'messaging.message.id': row.message_id,
    'messaging.kafka.message.key': row.key,
  });
  const headers = toHeaders({ ...envelopeOf(row, service), traceparent: span.traceparent });
  const record: OutgoingRecord = { topic: row.topic, key: row.key, headers, value: row.data };
  return { record, span };
}
