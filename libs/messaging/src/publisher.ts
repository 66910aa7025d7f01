import type { Headers } from '@doorbuster/contracts';
import { CompressionTypes } from 'kafkajs';
import { connectKafka, type KafkaOptions } from './client.ts';
import { byKey } from './partitioner.ts';

/** One message on its way to a topic. Records of one key keep their order within a topic. */
export interface OutgoingRecord {
  topic: string;
  key: string;
  headers: Headers;
  value: string | Buffer;
}

export interface Publisher {
  /**
   * Sends all records, in one request per broker, and resolves when every in-sync replica has them.
   * @throws when the outcome is unknown: some of the records may have arrived, so the caller sends all again
   */
  publish(records: OutgoingRecord[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * `acks: -1` and *not* idempotent: kafkajs's idempotent producer loses acknowledged messages when a response is
 * lost (see docs/adr), while a message that is sent twice costs the receiver one inbox look-up.
 */
export async function createPublisher(options: KafkaOptions): Promise<Publisher> {
  const producer = connectKafka(options).producer({
    allowAutoTopicCreation: false,
    createPartitioner: byKey,
    maxInFlightRequests: 5,
  });
  await producer.connect();
  return {
    async publish(records) {
      const byTopic = Map.groupBy(records, ({ topic }) => topic);
      const topicMessages = [...byTopic].map(([topic, messages]) => ({ topic, messages }));
      await producer.sendBatch({
        topicMessages,
        acks: -1,
        compression: CompressionTypes.None,
        timeout: 10_000,
      });
    },
    close: () => producer.disconnect(),
  };
}
