import { describe, expect, test } from '@jest/globals';
import { orderPicks } from '../../src/control/counts.ts';
import { createKnown } from '../../src/control/known.ts';
import { counter, pulse } from './pulses.ts';

const accepted = (value: number) => counter('doorbuster.orders.accepted', value);
const cancelled = (value: number, reason: string) =>
  counter('doorbuster.orders.cancelled', value, { reason });

/** Somebody who began to look at this moment, with a clock that stands at the last thing that was seen. */
function looking(since: number) {
  let clock = since;
  const known = createKnown(since, () => clock);
  return {
    known,
    sees(one: Parameters<typeof pulse>[0]) {
      clock = one.at ?? clock;
      known.take('order', pulse(one));
    },
    later(ms: number) {
      clock += ms;
    },
  };
}

describe('When an instance tells of itself again and again', () => {
  test('then the rate is what came between the last two times', () => {
    const { known, sees } = looking(10_000);
    sees({ at: 11_000, metrics: [accepted(500)] });
    expect(known.perS('order', orderPicks.accepted)).toBe(0);
    sees({ at: 13_000, metrics: [accepted(600)] });
    expect(known.perS('order', orderPicks.accepted)).toBe(50);
    expect(known.counts().totals.accepted).toBe(600);
  });

  test('and the same answer comes twice, then it counts once', () => {
    const { known, sees } = looking(10_000);
    sees({ at: 11_000, metrics: [accepted(500)] });
    sees({ at: 12_000, metrics: [accepted(600)] });
    sees({ at: 12_000, metrics: [accepted(600)] });
    expect(known.perS('order', orderPicks.accepted)).toBe(100);
  });

  test('and then falls silent, then it has no rate, and what it counted stays', () => {
    const { known, sees, later } = looking(10_000);
    sees({ at: 11_000, metrics: [accepted(500)] });
    sees({ at: 12_000, metrics: [accepted(600)] });
    later(4_000);
    expect(known.perS('order', orderPicks.accepted)).toBe(0);
    expect(known.counts().totals.accepted).toBe(600);
  });

  test('and then refuses to answer, then it has no rate at once', () => {
    const { known, sees } = looking(10_000);
    sees({ at: 11_000, metrics: [accepted(500)] });
    sees({ at: 12_000, metrics: [accepted(600)] });
    known.one('order', 'order-1').answers = false;
    expect(known.perS('order', orderPicks.accepted)).toBe(0);
  });
});

describe('When an instance is killed and begins again', () => {
  test('then what both processes counted is added up, and no rate is lost', () => {
    const { known, sees } = looking(10_000);
    sees({ at: 11_000, metrics: [accepted(500), cancelled(3, 'out-of-stock')] });
    sees({ startedAt: 12_000, at: 14_000, metrics: [accepted(80), cancelled(1, 'out-of-stock')] });
    expect(known.counts()).toEqual({
      totals: { accepted: 580, confirmed: 0, cancelled: 4, shed: 0 },
      cancelReasons: { 'out-of-stock': 4 },
    });
    expect(known.perS('order', orderPicks.accepted)).toBe(40);
  });

  test('and two instances do the work, then the sums are those of both', () => {
    const { known, sees } = looking(0);
    sees({ at: 1_000, metrics: [accepted(1), cancelled(1, 'card-declined')] });
    sees({ instance: 'order-2', at: 1_000, metrics: [accepted(2), cancelled(2, 'out-of-stock')] });
    expect(known.counts()).toMatchObject({
      totals: { accepted: 3, cancelled: 3 },
      cancelReasons: { 'card-declined': 1, 'out-of-stock': 2 },
    });
  });
});
