import '../../../test/support/metrics.ts';
import { meterOf } from '@doorbuster/telemetry';
import { describe, expect, test } from '@jest/globals';
import { Router } from 'express';
import { collectNow } from '../../../test/support/metrics.ts';
import { closeServer, createApp, listen } from '../src/http.ts';
import { createLog } from '../src/log.ts';
import { createPulse } from '../src/pulse.ts';

const meter = meterOf('test');
const accepted = meter.counter('doorbuster.orders.accepted');
const batchSize = meter.histogram('doorbuster.batch.size');
const lag = meter.gauge('doorbuster.consumer.lag');
meter.observe((result) => result.observe(lag, 3, { group: 'order', topic: 'a', partition: 1 }), [lag]);

describe('When an instance is asked how it does', () => {
  test('then it tells what it used, and the metrics of our own as they stand', async () => {
    accepted.add(5);
    batchSize.record(3);
    batchSize.record(40);
    const pulse = await createPulse('order-1', collectNow)();
    expect(pulse).toMatchObject({ instance: 'order-1', startedAt: Math.round(performance.timeOrigin) });
    expect(pulse.cpuSeconds).toBeGreaterThan(0);
    expect(pulse.memoryBytes).toBeGreaterThan(1_000_000);
    expect(pulse.metrics).toContainEqual({ name: 'doorbuster.orders.accepted', attributes: {}, value: 5 });
    expect(pulse.metrics).toContainEqual({
      name: 'doorbuster.consumer.lag',
      attributes: { group: 'order', topic: 'a', partition: 1 },
      value: 3,
    });
    expect(pulse.metrics).toContainEqual({
      name: 'doorbuster.batch.size',
      attributes: {},
      count: 2,
      sum: 43,
      bounds: [1, 2, 5, 10, 25, 50, 100, 250, 500],
      buckets: [0, 0, 1, 0, 0, 1, 0, 0, 0, 0],
    });
  });

  test('by many, then it looks once a second', async () => {
    let looks = 0;
    let now = 0;
    const look = async () => {
      looks++;
      return undefined;
    };
    const ask = createPulse('order-1', look, () => now);
    await Promise.all([ask(), ask()]);
    now += 500;
    await ask();
    expect(looks).toBe(1);
    now += 500;
    expect((await ask()).at).toBe(1_000);
    expect(looks).toBe(2);
  });

  test('and could not tell, then the next who asks may hear it', async () => {
    let now = 0;
    const answers = [Promise.reject(new Error('broken')), Promise.resolve(undefined)];
    const ask = createPulse(
      'order-1',
      async () => answers.shift(),
      () => now,
    );
    await expect(ask()).rejects.toThrow('broken');
    now += 1_000;
    expect((await ask()).metrics).toEqual([]);
  });
});

test.each([
  ['the door', true, 404],
  ['anybody else', false, 200],
])(
  'When %s is asked for its pulse over HTTP, then the answer is right for it',
  async (_who, isDoor, status) => {
    const pulse = createPulse('order-1', collectNow);
    const app = createApp({
      isReady: () => true,
      routes: () => Router(),
      operatorKeys: undefined,
      isDoor,
      pulse: isDoor ? undefined : pulse,
      log: createLog('payment-1', 'silent'),
    });
    const { server, port } = await listen(app, '127.0.0.1', 0);
    const response = await fetch(`http://127.0.0.1:${port}/pulse`);
    expect(response.status).toBe(status);
    await response.text();
    await closeServer(server);
  },
);
