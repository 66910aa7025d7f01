import { connectKafka, type KafkaOptions } from './client.ts';
import { type ReceivedRecord, toRecord } from './subscriber.ts';

export interface Tap {
  close(): Promise<void>;
}

/**
 * Hands on what is written to the topics from now on, outside any lasting group. What `onRecords` rejects comes
 * again.
 */
export async function tap(
  options: KafkaOptions,
  topics: string[],
  onRecords: (records: ReceivedRecord[]) => Promise<void>,
): Promise<Tap> {
  const groupId = `${options.clientId}-tap-${process.pid}-${taps++}`;
  const consumer = connectKafka(options).consumer({
    groupId,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
  });
  const joined = Promise.withResolvers<void>();
  consumer.on('consumer.group_join', () => joined.resolve());
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: false });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch: { topic, partition, messages } }) =>
      onRecords(messages.map((message) => ({ topic, partition, ...toRecord(message) }))),
  });
  await joined.promise;
  return { close: () => consumer.disconnect() };
}

let taps = 0;
