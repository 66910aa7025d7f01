import { randomUUID } from 'node:crypto';
import { topicOf } from '@doorbuster/contracts';
import { describe, expect, test } from '@jest/globals';
import { servers } from '../../../test/support/servers.ts';
import { createPublisher, type OutgoingRecord } from '../src/publisher.ts';
import { type KeyReading, readKey } from '../src/read-key.ts';

const topics = [topicOf('ReserveStock').name, topicOf('StockReserved').name];
const kafka = () => ({ brokers: servers().kafka, clientId: 'test' });

async function publish(records: Pick<OutgoingRecord, 'topic' | 'key' | 'value'>[]): Promise<void> {
  const publisher = await createPublisher(kafka());
  await publisher.publish(records.map((record) => ({ ...record, headers: {} })));
  await publisher.close();
}

/** What is read of a key. */
async function read(key: string, own: Partial<KeyReading> = {}) {
  const found: string[] = [];
  await readKey(kafka(), {
    key,
    topics,
    sinceMs: Date.now() - 60_000,
    recordsMax: 1_000_000,
    limitMs: 30_000,
    onRecord: ({ topic, value }) => {
      found.push(`${topics.indexOf(topic)} ${value}`);
      return false;
    },
    ...own,
  });
  return found.sort();
}

/** Many messages of other orders, and some about this one between them. */
async function crowd(key: string): Promise<void> {
  const others = (topic = '') =>
    Array.from({ length: 300 }, () => ({ topic, key: randomUUID(), value: '{}' }));
  const [first = '', second = ''] = topics;
  await publish([...others(first), { topic: first, key, value: '1' }, { topic: first, key, value: '2' }]);
  await publish([...others(second), { topic: second, key, value: '3' }, ...others(second)]);
}

describe('When the messages of a key are read', () => {
  test('then all of them come, of all topics, and nobody else’s', async () => {
    const key = randomUUID();
    await crowd(key);
    expect(await read(key)).toEqual(['0 1', '0 2', '1 3']);
  });

  test('and there are none, then nothing comes', async () => {
    expect(await read(randomUUID())).toEqual([]);
  });

  test('and all have been seen, then the reading ends', async () => {
    const key = randomUUID();
    await crowd(key);
    let seen = 0;
    await read(key, { onRecord: () => ++seen === 1 });
    expect(seen).toBe(1);
  });

  test('from a moment on, then nothing older comes', async () => {
    const key = randomUUID();
    await crowd(key);
    expect(await read(key, { sinceMs: Date.now() + 60_000 })).toEqual([]);
  });

  test('and it may go through few records only, then it ends there', async () => {
    const key = randomUUID();
    await crowd(key);
    const found = await read(key, { recordsMax: 1 });
    expect(found.length).toBeLessThan(2);
  });
});
