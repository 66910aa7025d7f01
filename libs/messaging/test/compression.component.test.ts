import { randomUUID } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { topicOf } from '@doorbuster/contracts';
import { expect, test } from '@jest/globals';
import { CompressionCodecs, CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { servers } from '../../../test/support/servers.ts';
import { type ReceivedRecord, subscribe } from '../src/subscriber.ts';

const topic = topicOf('PaymentDeclined').name;
const noLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Sends what kafkajs by itself can neither write nor read, as a client of another language would. */
async function publishCompressed(key: string): Promise<void> {
  const stock = CompressionCodecs[CompressionTypes.ZSTD];
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: async ({ buffer }: { buffer: Buffer }) => zstdCompressSync(buffer),
  });
  const kafka = new Kafka({ brokers: servers().kafka, clientId: 'test', logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ key, value: '{}' }], compression: CompressionTypes.ZSTD });
  await producer.disconnect();
  CompressionCodecs[CompressionTypes.ZSTD] = stock;
}

test('When somebody sends compressed as kafkajs cannot read it, then it is received, and no consumer crashes', async () => {
  const key = randomUUID();
  await publishCompressed(key);
  const { promise: received, resolve, reject } = Promise.withResolvers<ReceivedRecord>();
  const subscriber = await subscribe({
    brokers: servers().kafka,
    clientId: 'compression-1',
    log: noLog,
    groupId: `compression-${key}`,
    topics: [topic],
    onRecords: async (records) => {
      const found = records.find((record) => record.key === key);
      if (found !== undefined) resolve(found);
    },
    onCrash: reject,
  });
  try {
    expect((await received).value.toString()).toBe('{}');
  } finally {
    await subscriber.close();
  }
});
