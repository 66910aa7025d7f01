import type { Admin, Consumer } from 'kafkajs';
import { connectKafka, type KafkaOptions } from './client.ts';
import { partitionOf } from './partitioner.ts';
import { type ReceivedRecord, toRecord } from './subscriber.ts';

export interface KeyReading {
  key: string;
  topics: readonly string[];
  /** Nothing older is read; Unix time in ms. */
  sinceMs: number;
  /** Told of each record of the key; true ends the reading, when everything is there that is looked for. */
  onRecord(record: ReceivedRecord): boolean;
  /** How many records of anybody's may be gone through. */
  recordsMax: number;
  limitMs: number;
}

/** From where to where a partition is read. */
interface Span {
  topic: string;
  partition: number;
  /** How many the topic has. */
  partitions: number;
  from: bigint;
  end: bigint;
}

/**
 * Reads what came about a key, in the one partition of each topic where it lies, from a moment to where the partition ended
 * when the reading began. It may end before: when the reader has seen enough, or has gone through as much as it may.
 */
export async function readKey(options: KafkaOptions, reading: KeyReading): Promise<void> {
  const kafka = connectKafka(options);
  const admin = kafka.admin();
  await admin.connect();
  const spans = await Promise.all(
    reading.topics.map((topic) => spanOf(admin, topic, reading.key, reading.sinceMs)),
  ).finally(() => admin.disconnect());
  const open = new Map(spans.filter(({ from, end }) => from < end).map((span) => [span.topic, span]));
  if (open.size === 0) return;
  const groupId = `${options.clientId}-key-${process.pid}-${readings++}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50, allowAutoTopicCreation: false });
  const { promise, resolve } = Promise.withResolvers<void>();
  const limit = setTimeout(resolve, reading.limitMs);
  let left = reading.recordsMax;
  try {
    await consumer.connect();
    // From the end on: what is wanted is sought out, and nothing else is fetched.
    await consumer.subscribe({ topics: [...open.keys()], fromBeginning: false });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const { topic, partition, messages } = batch;
        const span = open.get(topic);
        if (span === undefined || span.partition !== partition) return;
        for (const message of messages) {
          const offset = BigInt(message.offset);
          if (offset < span.from || offset >= span.end) continue;
          const record = { topic, partition, ...toRecord(message) };
          if (record.key === reading.key && reading.onRecord(record)) return resolve();
          if (--left <= 0) return resolve();
        }
        if (BigInt(batch.lastOffset()) + 1n >= span.end) open.delete(topic);
        if (open.size === 0) resolve();
      },
    });
    seekAll(consumer, [...open.values()]);
    await promise;
  } finally {
    clearTimeout(limit);
    await consumer.disconnect();
  }
}

/** Only our own partitions are read; they are few of many. */
function seekAll(consumer: Consumer, spans: readonly Span[]): void {
  for (const { topic, partition, partitions, from } of spans) {
    const others = Array.from({ length: partitions }, (_, n) => n).filter((one) => one !== partition);
    consumer.pause([{ topic, partitions: others }]);
    consumer.seek({ topic, partition, offset: String(from) });
  }
}

async function spanOf(admin: Admin, topic: string, key: string, sinceMs: number): Promise<Span> {
  const [ends, begins] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchTopicOffsetsByTimestamp(topic, sinceMs),
  ]);
  const partition = partitionOf(key, ends.length);
  const offsetIn = (offsets: readonly { partition: number; offset: string }[]) =>
    BigInt(offsets.find((one) => one.partition === partition)?.offset ?? 0);
  return { topic, partition, partitions: ends.length, from: offsetIn(begins), end: offsetIn(ends) };
}

let readings = 0;
