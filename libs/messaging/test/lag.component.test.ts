import '../../../test/support/metrics.ts';
import { randomUUID } from 'node:crypto';
import { topicOf } from '@doorbuster/contracts';
import { freePorts } from '@doorbuster/stack';
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { measured } from '../../../test/support/metrics.ts';
import { servers } from '../../../test/support/servers.ts';
import { observeLag } from '../src/lag.ts';
import { createPublisher } from '../src/publisher.ts';
import { subscribe } from '../src/subscriber.ts';
import { PARTITIONS } from '../src/topics.ts';

const topic = topicOf('PaymentDeclined').name;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** The lag of a group, as it is told by this process: messages by partition. */
async function lagsOf(group: string): Promise<Map<number, number>> {
  const told = (await measured()).filter(
    ({ name, attributes }) => name === 'doorbuster.consumer.lag' && attributes['group'] === group,
  );
  return new Map(told.map(({ attributes, value }) => [Number(attributes['partition']), value]));
}

const sum = (lags: Map<number, number>): number => [...lags.values()].reduce((all, one) => all + one, 0);

async function publish(count: number): Promise<void> {
  const publisher = await createPublisher({ brokers: servers().kafka, clientId: 'test' });
  const records = Array.from({ length: count }, () => ({
    topic,
    key: randomUUID(),
    headers: {},
    value: '{}',
  }));
  await publisher.publish(records);
  await publisher.close();
}

const noLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

test('When messages come faster than they are handled, then the lag grows by them, and shrinks to nothing', async () => {
  const groupId = `lag-${randomUUID()}`;
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  await publish(3);
  const subscriber = await subscribe({
    brokers: servers().kafka,
    clientId: 'lag-1',
    log: noLog,
    groupId,
    topics: [topic],
    onRecords: () => gate,
    onCrash: () => undefined,
  });
  ends.push(subscriber.close);
  const before = await eventually('every partition is told', async () => {
    const lags = await lagsOf(groupId);
    return lags.size === PARTITIONS && sum(lags) >= 3 && sum(lags);
  });
  await publish(7);
  await eventually('the lag has grown', async () => sum(await lagsOf(groupId)) === before + 7);
  open();
  await eventually('nothing is left', async () => {
    const lags = await lagsOf(groupId);
    return lags.size === PARTITIONS && sum(lags) === 0;
  });
  await subscriber.close();
  expect((await lagsOf(groupId)).size).toBe(0);
});

describe('When lag is told', () => {
  const observe = (brokers: string[], assigned: () => Record<string, number[]>) => {
    const groupId = `lag-${randomUUID()}`;
    const kafka = { brokers, clientId: 'lag-1' };
    ends.push(observeLag({ kafka, groupId, assigned, nextOffset: () => undefined }));
    return groupId;
  };

  test('then only of the partitions that this member has now', async () => {
    let partitions = [0, 3];
    const groupId = observe(servers().kafka, () => ({ [topic]: partitions }));
    await eventually('its partitions are told', async () => {
      const told = [...(await lagsOf(groupId)).keys()].sort();
      return String(told) === '0,3';
    });
    partitions = [3];
    expect([...(await lagsOf(groupId)).keys()]).toEqual([3]);
  });

  test('and no broker answers, then nothing is told and nobody waits for it', async () => {
    const [port = 0] = await freePorts(1);
    const groupId = observe([`127.0.0.1:${port}`], () => ({ [topic]: [0] }));
    const beganAt = performance.now();
    expect((await lagsOf(groupId)).size).toBe(0);
    expect((await lagsOf(groupId)).size).toBe(0);
    expect(performance.now() - beganAt).toBeLessThan(5_000);
  });
});
