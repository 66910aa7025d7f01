import type { ControlSnapshot } from '@doorbuster/contracts';
import { describe, expect, test } from '@jest/globals';
import {
  columnsOf,
  HISTORY_MAX,
  hasMoved,
  joined,
  type Moment,
  momentOf,
  windowOf,
  withNext,
} from '../src/control/history.ts';
import { lineBetween, placesOf, streamOf, tall, wide } from '../src/control/map-layout.ts';
import { backOffMs } from '../src/kit/back-off.ts';
import { duration, rate, words } from '../src/kit/format.ts';

const second = (n: number) => ({ at: n, openOrders: n }) as Moment;
const seconds = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => second(from + n));

describe('When snapshots come', () => {
  test('then no more are kept than the charts show', () => {
    const history = seconds(0, HISTORY_MAX + 50).reduce<Moment[]>(withNext, []);
    expect(history).toHaveLength(HISTORY_MAX);
    expect(history[0]?.openOrders).toBe(50);
  });

  test('then one that was told before is not told twice', () => {
    const history = seconds(0, 3);
    expect(withNext(history, second(2))).toEqual(history);
  });

  test('after the connection was lost, then what was missed is filled in, bounded as ever', () => {
    const whole = joined(seconds(0, 200), seconds(150.5, 400.5));
    const expected = [...seconds(50, 151), ...seconds(150.5, 400.5)].map(({ at }) => at);
    expect(whole.map(({ at }) => at)).toEqual(expected.slice(-HISTORY_MAX));
    expect(joined(seconds(0, 3), [])).toEqual(seconds(0, 3));
  });
});

describe('When lines are drawn', () => {
  test('then each has a number for each second', () => {
    const [xs, ys] = columnsOf(seconds(0, 3), [({ openOrders }) => openOrders]);
    expect(ys).toEqual([0, 1, 2]);
    expect((xs[2] ?? 0) - (xs[0] ?? 0)).toBe(2);
  });

  test('then there is a hole where nobody looked', () => {
    const [, ys] = columnsOf([second(0), second(10)], [({ openOrders }) => openOrders]);
    expect(ys).toEqual([0, null, 10]);
  });

  test('then what nobody could measure is not taken for nought', () => {
    const instance = { id: 'a', state: 'healthy', door: null, memoryBytes: 10, handledPerS: 0 } as const;
    const services: ControlSnapshot['services'] = [
      { name: 'order', kind: 'service', instances: [{ ...instance, cpuPercent: null }] },
      { name: 'kafka', kind: 'server', instances: [{ ...instance, cpuPercent: 50 }] },
    ];
    const moment = momentOf({ at: '2026-11-27T00:00:00.500Z', services } as ControlSnapshot);
    expect(moment).toMatchObject({
      at: Date.UTC(2026, 10, 27) / 1_000 + 0.5,
      service: { cpuPercent: null, memoryBytes: 10 },
      server: { cpuPercent: 50, memoryBytes: 10 },
    });
  });

  test('then the window grows from one minute to five, and follows what comes', () => {
    expect(windowOf(undefined, undefined, 100)).toEqual([40, 100]);
    expect(windowOf(100, 110, 110)).toEqual([50, 110]);
    expect(windowOf(100, 250, 250)).toEqual([100, 250]);
    expect(windowOf(100, 900, 900)).toEqual([600, 900]);
  });

  test('then each is drawn anew once it has moved far enough to be seen, a wide one sooner', () => {
    const history = seconds(0, 300);
    expect(hasMoved(history, undefined, 300)).toBe(true);
    expect(hasMoved(history, 298, 1_200)).toBe(false);
    expect(hasMoved(history, 297, 1_200)).toBe(true);
    expect(hasMoved(history, 294, 300)).toBe(false);
    expect(hasMoved(history, 293, 300)).toBe(true);
    expect(hasMoved(seconds(0, 30), 27, 300)).toBe(true);
  });
});

describe('When the map is drawn', () => {
  test.each([
    ['wide', wide],
    ['tall', tall],
  ])('%s, then each has a place of its own, also who is not known', (_name, layout) => {
    const names = [...Object.keys(layout.boxes), 'postgres', 'consul', 'something'];
    const places = [...placesOf(names, layout).values()];
    for (const [n, a] of places.entries())
      for (const b of places.slice(n + 1))
        expect(
          Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2,
        ).toBe(true);
  });

  test('then the two directions are two lines', () => {
    const [a, b] = [wide.boxes['order'], wide.boxes['payment']];
    if (a === undefined || b === undefined) throw new Error('Both have a place');
    expect(lineBetween(a, b)).not.toBe(lineBetween(b, a));
  });

  test('then more messages make a thicker stream, and none makes none', () => {
    expect([0, 1, 10, 100, 1_000].map(streamOf)).toEqual([0, 1, 2, 3, 4]);
  });
});

test('When a connection fails again and again, then each wait is longer, up to ten seconds', () => {
  expect([0, 1, 2, 3, 4, 5, 100].map(backOffMs)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('When numbers are written, then a person can read them', () => {
  expect([0, 0.25, 3, 4.25, 840.4, 1_250, 75_000].map(duration)).toEqual([
    '0 ms',
    '250 µs',
    '3 ms',
    '4.3 ms',
    '840 ms',
    '1.25 s',
    '1 min 15 s',
  ]);
  expect([0, 0.5, 9.96, 250.4].map(rate)).toEqual(['0', '0.5', '10.0', '250']);
  expect(words('PaymentCaptured')).toBe('Payment captured');
});
