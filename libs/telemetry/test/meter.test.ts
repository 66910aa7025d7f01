import '../../../test/support/metrics.ts';
import { describe, expect, test } from '@jest/globals';
import { measured, metricValue } from '../../../test/support/metrics.ts';
import { metricCatalogue } from '../src/catalogue.ts';
import { meterOf } from '../src/meter.ts';

const meter = meterOf('test');

describe('When an instrument is made', () => {
  test('then it counts under the name of the catalogue', async () => {
    const cancelled = meter.counter('doorbuster.orders.cancelled');
    cancelled.add(2, { reason: 'out-of-stock' });
    cancelled.add(1, { reason: 'out-of-stock' });
    expect(await metricValue('doorbuster.orders.cancelled', { reason: 'out-of-stock' })).toBe(3);
  });

  test('of a name that the catalogue has not, or has for another kind, then it is refused', () => {
    // @ts-expect-error: nobody has declared it
    expect(() => meter.counter('doorbuster.orders.lost')).toThrow('no counter doorbuster.orders.lost');
    // @ts-expect-error: it is a counter
    expect(() => meter.histogram('doorbuster.orders.accepted')).toThrow('no histogram');
    // @ts-expect-error: it is a histogram
    expect(() => meter.gauge('doorbuster.batch.size')).toThrow('no gauge');
  });

  test('then an attribute that the catalogue does not name is an error of types', () => {
    const cancelled = meter.counter('doorbuster.orders.cancelled');
    // @ts-expect-error: no order is a label
    cancelled.add(0, { orderId: 'x' });
    const accepted = meter.counter('doorbuster.orders.accepted');
    // @ts-expect-error: it has no attributes at all
    accepted.add(0, { reason: 'x' });
  });
});

test('When a gauge is observed, then it is asked at each export until that is ended', async () => {
  const depth = meter.gauge('doorbuster.outbox.depth');
  let asked = 0;
  const end = meter.observe((result) => result.observe(depth, ++asked), [depth]);
  expect(await metricValue('doorbuster.outbox.depth')).toBe(1);
  expect(await metricValue('doorbuster.outbox.depth')).toBe(2);
  end();
  await measured();
  expect(asked).toBe(2);
});

describe('When the catalogue is read', () => {
  const all = Object.entries(metricCatalogue);

  test('then exactly the histograms have buckets, and these grow', () => {
    for (const [name, metric] of all) {
      const buckets = 'buckets' in metric ? [...metric.buckets] : [];
      expect([name, buckets.length > 0]).toEqual([name, metric.kind === 'histogram']);
      expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
    }
  });

  test('then no attribute could be an order', () => {
    const attributes = all.flatMap(([, metric]) => ('attributes' in metric ? metric.attributes : []));
    expect(attributes.filter((attribute) => /order|id$|key|trace/i.test(attribute))).toEqual([]);
  });
});
