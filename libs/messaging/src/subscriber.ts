import { setTimeout as delay } from 'node:timers/promises';
import type { Headers } from '@doorbuster/contracts';
import { reached } from '@doorbuster/telemetry';
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { connectKafka, type KafkaOptions, type Log } from './client.ts';
import { observeLag } from './lag.ts';
import { PARTITIONS } from './topics.ts';

/** One message as it came off a partition, unparsed. */
export interface ReceivedRecord {
  topic: string;
  partition: number;
  offset: string;
  key: string;
  headers: Headers;
  value: Buffer;
}

export interface SubscriberOptions extends KafkaOptions {
  log: Log;
  groupId: string;
  topics: string[];
  /** Resolves when everything that the records cause is committed; only then do their offsets count as done. */
  onRecords(records: ReceivedRecord[]): Promise<void>;
  /** The consumer crashed for good: the process should end, so that its supervisor starts it afresh. */
  onCrash(error: Error): void;
}

export interface Subscriber {
  /** True while this member takes part in its group. */
  isJoined(): boolean;
  /** Stops fetching, lets what is under way finish, commits the offsets and leaves the group; bounded in time. */
  close(): Promise<void>;
}

/**
 * How long a dead member's partitions stand still. It can be short: heartbeats go on while work does, and a member
 * that is thrown out by mistake costs a rebalance and nothing else, since the database fences it.
 */
const sessionMs = 6_000;
const heartbeatMs = 1_000;
const commitEveryMs = 1_000;
/** How long a partition that was added may go unread. By kafkajs's default that is five minutes. */
const metadataMaxMs = 10_000;
const closeLimitMs = 4_000;

/**
 * Consumes the topics as a member of the group. Batches come per partition and are small, so all partitions are
 * handed on at once and the receiver gathers them. Offsets are committed in the background: whoever receives must
 * recognise what it has seen before, which it must anyhow, and no commit stands in a message's way.
 */
export async function subscribe(options: SubscriberOptions): Promise<Subscriber> {
  const { topics, groupId, log } = options;
  const consumer = connectKafka(options).consumer({
    groupId,
    sessionTimeout: sessionMs,
    rebalanceTimeout: sessionMs,
    heartbeatInterval: heartbeatMs,
    metadataMaxAge: metadataMaxMs,
    maxWaitTimeInMs: 100,
    maxBytesPerPartition: 1_048_576,
    allowAutoTopicCreation: false,
  });
  const offsets = trackOffsets(consumer, log);
  let joined = false;
  let assigned: Record<string, number[]> = {};
  consumer.on('consumer.group_join', ({ payload: { memberAssignment } }) => {
    joined = true;
    assigned = memberAssignment;
    offsets.forget();
  });
  consumer.on('consumer.rebalancing', () => {
    assigned = {};
    void offsets.commit();
  });
  consumer.on('consumer.crash', ({ payload: { error, restart } }) => {
    joined = false;
    assigned = {};
    if (!restart) options.onCrash(error);
  });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: topics.length * PARTITIONS,
    eachBatch: async (payload) => {
      await keepAlive(payload, options.onRecords(toRecords(payload)));
      if (payload.isStale()) return;
      const last = payload.batch.lastOffset();
      payload.resolveOffset(last);
      offsets.done(payload.batch.topic, payload.batch.partition, last);
    },
  });
  const { nextOffset } = offsets;
  const stopObserving = observeLag({ kafka: options, groupId, assigned: () => assigned, nextOffset });
  return {
    isJoined: () => joined,
    async close() {
      joined = false;
      assigned = {};
      const leave = offsets
        .commit()
        .then(() => consumer.stop())
        .then(() => offsets.stop())
        .then(() => consumer.disconnect());
      const left = Promise.allSettled([leave, stopObserving()]);
      // stop() and disconnect() can hang when the broker is gone (tulios/kafkajs#967, #571).
      await Promise.race([left, delay(closeLimitMs, undefined, { ref: false })]);
    },
  };
}

/** Remembers how far each partition is done, and commits that about once a second. */
function trackOffsets(consumer: Consumer, log: Log) {
  const pending = new Map<string, { topic: string; partition: number; offset: string }>();
  const next = new Map<string, number>();
  const commit = async () => {
    const batch = [...pending.values()];
    pending.clear();
    if (batch.length === 0) return;
    reached('before-offsets');
    try {
      await consumer.commitOffsets(batch);
      reached('after-offsets');
    } catch (error) {
      log.debug(
        { error: String(error) },
        'Offsets were not committed; what is read again will be recognised',
      );
    }
  };
  const timer = setInterval(commit, commitEveryMs);
  return {
    done(topic: string, partition: number, last: string) {
      const offset = BigInt(last) + 1n;
      pending.set(`${topic}/${partition}`, { topic, partition, offset: String(offset) });
      next.set(`${topic}/${partition}`, Number(offset));
    },
    /** Where this member goes on in a partition, once it has handled something of it. */
    nextOffset: (topic: string, partition: number) => next.get(`${topic}/${partition}`),
    commit,
    /** After a rebalance the partitions may be another member's, and its progress must not be set back. */
    forget() {
      pending.clear();
      next.clear();
    },
    stop: () => clearInterval(timer),
  };
}

/** Heartbeats while the work goes on: a database that is away for a minute must not cost the group membership. */
async function keepAlive({ heartbeat }: EachBatchPayload, work: Promise<void>): Promise<void> {
  const timer = setInterval(() => heartbeat().catch(() => undefined), heartbeatMs);
  try {
    await work;
  } finally {
    clearInterval(timer);
  }
}

function toRecords({ batch: { topic, partition, messages } }: EachBatchPayload): ReceivedRecord[] {
  return messages.map((message) => ({ topic, partition, ...toRecord(message) }));
}

/** Headers and key as text. A header that came twice keeps its first value. */
export function toRecord({ key, value, offset, headers }: KafkaMessage) {
  const texts: Headers = {};
  for (const name in headers) {
    const header = headers[name];
    texts[name] = String((Array.isArray(header) ? header[0] : header) ?? '');
  }
  return { key: key?.toString() ?? '', value: value ?? Buffer.alloc(0), offset, headers: texts };
}
