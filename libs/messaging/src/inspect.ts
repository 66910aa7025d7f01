import { connectKafka, type KafkaOptions } from './client.ts';
import { lagOfTopic } from './lag.ts';
import { type ReceivedRecord, toRecord } from './subscriber.ts';

export interface Inspector {
  /** Messages that the group has yet to read, summed over the topic's partitions. */
  lag(groupId: string, topic: string): Promise<number>;
  /** Resolves when the brokers answer. `connect()` says nothing about that (tulios/kafkajs#979). */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Looks at brokers and groups from outside, over one long-lived connection. */
export async function createInspector(options: KafkaOptions): Promise<Inspector> {
  const admin = connectKafka(options).admin();
  await admin.connect();
  return {
    async lag(groupId, topic) {
      const partitions = await lagOfTopic(admin, groupId, topic);
      return partitions.reduce((sum, { lag }) => sum + lag, 0);
    },
    ping: async () => void (await admin.describeCluster()),
    close: () => admin.disconnect(),
  };
}

/**
 * Reads a topic from its beginning to where it ended when the reading began, outside any lasting group.
 * @throws when the topic cannot be read to that end within `limitMs`
 */
export async function readTopic(
  options: KafkaOptions,
  topic: string,
  onRecord: (record: ReceivedRecord) => void,
  { limitMs = 60_000 } = {},
): Promise<void> {
  const kafka = connectKafka(options);
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic).finally(() => admin.disconnect());
  const open = new Map(
    ends.filter(({ low, high }) => high !== low).map((end) => [end.partition, BigInt(end.high)]),
  );
  if (open.size === 0) return;
  const groupId = `${options.clientId}-read-${process.pid}-${readings++}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const limit = setTimeout(
    () => reject(new Error(`${topic} was not read to its end in ${limitMs} ms`)),
    limitMs,
  );
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: ends.length,
      eachBatch: async ({ batch }) => {
        const { partition } = batch;
        const end = open.get(partition) ?? 0n;
        for (const message of batch.messages) {
          if (BigInt(message.offset) < end) onRecord({ topic, partition, ...toRecord(message) });
        }
        if (BigInt(batch.lastOffset()) + 1n >= end) open.delete(partition);
        if (open.size === 0) resolve();
      },
    });
    await promise;
  } finally {
    clearTimeout(limit);
    await consumer.disconnect();
  }
}

let readings = 0;
