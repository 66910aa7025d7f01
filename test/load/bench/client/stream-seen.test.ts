import { expect, test } from '@jest/globals';
import { mulberry32 } from '../../random.ts';
import type { Stream } from './messages.ts';
import type { SettledShot } from './sender.ts';
import { scheduleOf } from './storm.ts';
import { streamSeen } from './stream-seen.ts';

const customers = { name: 'customer', count: 10 };
const stream: Stream = { name: 'overload', fromMs: 1_000, toMs: 3_000, perS: 100, customers };

/** The storm began at 500, so this stream lasts from 1,500 to 3,500. */
const startedAtMs = 500;

const shot = (scheduledAtMs: number, change: Partial<SettledShot> = {}): SettledShot => ({
  scheduledAtMs,
  outcome: 'ok',
  status: 202,
  sentAtMs: scheduledAtMs + 1,
  answeredAtMs: scheduledAtMs + 10,
  ...change,
});

test('When orders were not accepted, then each is counted by why, and who did not hear when to come again apart', () => {
  const own = [
    shot(1_500, { outcome: 'shed', status: 429 }),
    shot(1_500, { outcome: 'shed', status: 503, answeredAtMs: 1_540 }),
    shot(1_500, { outcome: 'rejected', status: 429 }),
    shot(1_500, { outcome: 'unknown', status: 503 }),
    shot(1_500, { outcome: 'rejected', status: 422 }),
    shot(1_500, { outcome: 'unknown', status: null }),
    shot(1_500, { outcome: 'notSent', status: null }),
    shot(1_500, { confirmedAtMs: undefined }),
  ];
  expect(streamSeen(stream, startedAtMs, own, own)).toMatchObject({
    name: 'overload',
    seconds: 2,
    offered: 8,
    accepted: 1,
    shed: 2,
    shedSilently: 2,
    rejected: 1,
    unknown: 1,
    notSent: 1,
    confirmed: 0,
    shedMs: { p50: 10, max: 40 },
    clientLateMs: { max: 1 },
  });
});

test('When orders of another stream are confirmed while this one lasts, then they are confirmed meanwhile', () => {
  const own = [shot(1_600, { confirmedAtMs: 1_700 }), shot(3_400, { confirmedAtMs: 3_500 })];
  const earlier = [shot(1_400, { confirmedAtMs: 1_500 }), shot(1_300, { confirmedAtMs: 1_499 })];
  const seen = streamSeen(stream, startedAtMs, own, [...own, ...earlier]);
  expect(seen).toMatchObject({ offered: 2, confirmed: 2, confirmedMeanwhile: 2, confirmMs: { max: 100 } });
});

test('When a stream is told of by second, then orders belong to the one in which they were to be sent', () => {
  const own = [
    shot(1_500, { confirmedAtMs: 1_600 }),
    shot(2_499, { confirmedAtMs: 4_499 }),
    shot(2_500, { outcome: 'shed', status: 429 }),
  ];
  expect(streamSeen(stream, startedAtMs, own, own).bySecond).toEqual([
    { offered: 2, confirmed: 2, p99Ms: 2_000 },
    { offered: 1, confirmed: 0, p99Ms: 0 },
  ]);
});

test('When streams overlap, then their orders come in the order of their moments, each within its time', () => {
  const other: Stream = { ...stream, name: 'other', fromMs: 0, toMs: 4_000, perS: 50 };
  const schedule = scheduleOf([stream, other], mulberry32(1));
  const moments = schedule.map(({ atMs }) => atMs);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  const own = schedule.filter((due) => due.stream === stream).map(({ atMs }) => atMs);
  expect(own.every((atMs) => atMs >= 1_000 && atMs < 3_000)).toBe(true);
  // Poisson: 200 are expected of each, give or take 14.
  expect(Math.abs(own.length - 200)).toBeLessThan(60);
  expect(Math.abs(schedule.length - own.length - 200)).toBeLessThan(60);
});
