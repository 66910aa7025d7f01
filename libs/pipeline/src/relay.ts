import { setTimeout as delay } from 'node:timers/promises';
import { toHeaders } from '@doorbuster/contracts';
import type { Log, OutgoingRecord, Publisher } from '@doorbuster/messaging';
import { reached } from '@doorbuster/telemetry';
import { SpanKind } from '@opentelemetry/api';
import type { Client } from 'pg';
import { createSession, keepLock, openSession, tryLock } from './relay-session.ts';
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
  /** Hands over rows that were just committed here, in the order of their commits, so that they need not be read. */
  take(rows: OutboxRow[]): void;
  /** Says that the outbox has rows that nobody has handed over. */
  wake(): void;
  /** Publishes what is there once more, then gives the lock back. */
  close(): Promise<void>;
}

/** A message that waits to be published. */
export interface OutboxRow {
  id: number;
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
/** More than this is not kept in memory: it stands in the outbox all the same. */
const handedMax = 10_000;
const pollMs = 500;
/** What was sent is deleted so much later at most, many messages at a time. */
const deleteMs = 50;
const reconnectMs = 500;

/**
 * Publishes the outbox, one relay at a time per database. The lock, the select and the delete share one
 * connection: when the lock is lost, so is the connection, and the delete fails with it. A stale relay can
 * therefore only send again what receivers recognise; it never removes what it did not send.
 *
 * What this process has committed itself it knows already, and does not read it again: as long as the ids follow each
 * other without a gap, there is nothing before them that somebody else has written. A gap sends it to the table.
 * Source: the transactional outbox, Richardson, "Microservices Patterns", 2018.
 */
export function startRelay({ service, databaseUrl, publisher, log }: RelayOptions): Relay {
  const waker = createWaker();
  let leader = false;
  let stopping = false;
  /** True when there may be rows in the outbox that are not in `handed`. */
  let isBehind = true;
  let readAt = 0;
  /** The id that follows all that was read or handed over; undefined when nothing was. */
  let nextId: number | undefined;
  let handed: OutboxRow[] = [];
  /** Ids of what is in Kafka and still in the outbox. */
  let sent: number[] = [];
  let deletedAt = 0;

  function wake(): void {
    isBehind = true;
    waker.wake();
  }

  async function lead(client: Client): Promise<void> {
    await openSession(client);
    client.on('notification', wake);
    while (!stopping) {
      leader ||= await tryLock(client);
      if (leader) await publishAll(client);
      if (performance.now() - deletedAt >= deleteMs) await deleteSent(client);
      if (!stopping) await waker.wait(sent.length > 0 ? deleteMs : pollMs);
    }
    if (leader) await publishAll(client);
    await deleteSent(client);
  }

  /** Publishes what waits, the oldest first, until nothing does. */
  async function publishAll(client: Client): Promise<void> {
    for (;;) {
      isBehind ||= performance.now() - readAt > pollMs;
      const isRead = isBehind;
      const rows = firstOf(isRead ? await read(client) : handed);
      if (rows.length === 0) return;
      if (!isRead) handed = handed.slice(rows.length);
      // No transaction is open during the send, so nothing in the database waits for Kafka.
      await keepLock(client, send(rows));
      for (const { id } of rows) sent.push(id);
      if (sent.length >= batchRows) await deleteSent(client);
    }
  }

  /** Reads what waits, once everything that was sent is gone. */
  async function read(client: Client): Promise<OutboxRow[]> {
    handed = [];
    isBehind = false;
    readAt = performance.now();
    const text = 'select * from outbox order by id limit $1';
    const [, { rows }] = await Promise.all([
      deleteSent(client),
      client.query<OutboxRow>({ name: 'outbox.next', text, values: [batchRows] }),
    ]);
    const last = rows.at(-1);
    if (last !== undefined) {
      nextId = Math.max(nextId ?? 0, last.id + 1);
      // What was handed over meanwhile may have been read as well.
      handed = handed.filter(({ id }) => id > last.id);
    }
    // There may be more than was asked for, or than goes into one request.
    isBehind ||= rows.length === batchRows || firstOf(rows).length < rows.length;
    return rows;
  }

  async function deleteSent(client: Client): Promise<void> {
    const ids = sent;
    if (ids.length === 0) return;
    sent = [];
    deletedAt = performance.now();
    const text = 'delete from outbox where id = any($1)';
    reached('before-delete');
    await client.query({ name: 'outbox.sent', text, values: [ids] });
    reached('after-delete');
  }

  async function send(rows: OutboxRow[]): Promise<void> {
    const sending = rows.map((row) => toRecord(row, service));
    let failure: unknown;
    try {
      reached('before-publish');
      await publisher.publish(sending.map(({ record }) => record));
      reached('after-publish');
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      for (const { span } of sending) span.end(failure);
    }
  }

  async function run(): Promise<void> {
    while (!stopping) {
      const client = createSession(databaseUrl);
      client.on('error', waker.wake);
      try {
        await lead(client);
      } catch (error) {
        if (!stopping) log.warn({ error: String(error) }, 'The relay starts again');
      } finally {
        leader = false;
        isBehind = true;
        sent = [];
        await client.end().catch(() => undefined);
      }
      if (!stopping) await delay(reconnectMs);
    }
  }

  const running = run();
  return {
    isLeader: () => leader,
    wake,
    take(rows) {
      if (!leader) return;
      const fresh = nextId === undefined ? rows : rows.filter(({ id }) => id >= (nextId ?? 0));
      const follows = fresh.every(({ id }, n) => nextId !== undefined && id === nextId + n);
      if (!follows || handed.length + fresh.length > handedMax) isBehind = true;
      else if (!isBehind) {
        handed.push(...fresh);
        nextId = (nextId ?? 0) + fresh.length;
      }
      waker.wake();
    },
    async close() {
      stopping = true;
      waker.wake();
      await running;
    },
  };
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
