import { createRequire } from 'node:module';
import { afterEach, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { murmur2 } from '../src/partitioner.ts';
import { encodeProduce } from '../src/produce-request.ts';

const require = createRequire(import.meta.url);
const stockRequest = require('kafkajs/src/protocol/requests/produce/v7/request.js');
const stockMurmur2 = require('kafkajs/src/producer/partitioners/default/murmur2.js');
const Long = require('kafkajs/src/utils/long.js');

afterEach(() => void jest.restoreAllMocks());

const field = fc.string({ unit: 'binary', maxLength: 200 });
const message = fc.record({
  key: field,
  value: fc.oneof(field, fc.uint8Array({ maxLength: 30_000 }).map(Buffer.from)),
  headers: fc.dictionary(field, field, { maxKeys: 8 }),
});
const partition = fc.record({
  partition: fc.nat(100),
  firstSequence: fc.constantFrom(-1, 0),
  messages: fc.array(message, { minLength: 1, maxLength: 200 }),
});
const topic = fc.record({ topic: field, partitions: fc.array(partition, { minLength: 1, maxLength: 5 }) });

test('When messages are sent, then every byte is the one that kafkajs would have written', async () => {
  jest.spyOn(Date, 'now').mockReturnValue(1_763_000_000_000);
  const requests = fc.asyncProperty(fc.array(topic, { minLength: 1, maxLength: 3 }), async (topicData) => {
    const args = { acks: -1, timeout: 10_000, compression: 0, producerEpoch: 0, topicData };
    const own = encodeProduce({ ...args, producerId: Long.fromValue(-1) });
    const stock = await stockRequest({ ...args, producerId: Long.fromValue(-1) }).encode();
    expect(own.buffer.equals(stock.buffer)).toBe(true);
  });
  await fc.assert(requests, { numRuns: 100 });
});

test('When a key is hashed, then its partition is the one that other clients of Kafka choose', () => {
  fc.assert(fc.property(field, (key) => expect(murmur2(Buffer.from(key))).toBe(stockMurmur2(key))));
});
