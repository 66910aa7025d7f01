import { expect, test } from '@jest/globals';
import type { StreamSeen } from '../client/messages.ts';
import { quickOverload } from '../overload/plan.ts';
import type { OverloadRun, Storm } from '../overload/run.ts';
import { overloadParts } from './docs.ts';
import { overloadTables, recoveryS, summariseOverload } from './overload.ts';

const all = (ms: number) => ({ p50: ms, p95: ms, p99: ms, max: ms });
const second = (p99Ms: number, confirmed = 200) => ({ offered: 200, confirmed, p99Ms });

const stream = (name: string, change: Partial<StreamSeen> = {}): StreamSeen => ({
  name,
  seconds: 10,
  offered: 2_000,
  accepted: 2_000,
  shed: 0,
  shedSilently: 0,
  rejected: 0,
  unknown: 0,
  notSent: 0,
  confirmed: 2_000,
  confirmedMeanwhile: 2_000,
  shedMs: all(0),
  confirmMs: all(100),
  clientLateMs: all(1),
  bySecond: [],
  ...change,
});

const storm = (streams: StreamSeen[], change: Partial<Storm> = {}): Storm => ({
  streams,
  lost: 0,
  cancelled: {},
  peakMiB: 2_000,
  ...change,
});

const overload = (change: Partial<StreamSeen> = {}) =>
  stream('overload', {
    offered: 10_000,
    accepted: 7_000,
    shed: 3_000,
    confirmedMeanwhile: 6_000,
    shedMs: all(30),
    confirmMs: all(4_000),
    ...change,
  });
const after = stream('after', { bySecond: [second(3_000), second(200), second(150), second(150)] });

const runOf = (load: Storm): OverloadRun => ({
  rated: storm([stream('ramp'), stream('rated')]),
  loads: { '5 × the rated': load },
  fairness: {
    alone: storm([stream('others')]),
    beside: storm([
      stream('others', { accepted: 1_990 }),
      stream('greedy', { offered: 10_000, accepted: 700 }),
    ]),
  },
  verdict: { holds: true, evidence: 'all is well' },
});
const summarise = (load: Storm) => summariseOverload(runOf(load), quickOverload, 1);

/** What became of each promise, without its words. */
const reached = (load: Storm) =>
  summarise(load).goals.map(({ figures }) => Object.values(figures).map(({ isReached }) => isReached));
const allReached = Array.from({ length: 7 }, () => [true]);

test('When an overload is shed as it should be, then every goal is reached, with its figures', () => {
  const load = storm([overload(), after], { cancelled: { 'card-declined': 3 } });
  const report = summarise(load);
  expect(reached(load)).toEqual(allReached);
  expect(report.verdict).toBe('PASS');
  expect(report.loads['5 × the rated']).toMatchObject({
    offeredPerS: 1_000,
    shedPerS: 300,
    confirmedPerS: 600,
    goodputPercent: 300,
    timedOut: 0,
    recoveryS: 1,
  });
  expect(report.rated).toMatchObject({ confirmedPerS: 200, goodputPercent: 100, recoveryS: 0 });
  expect(report.fairness.beside.acceptedPercent).toBe(99.5);
  expect(report.fairness.greedy.acceptedPercent).toBe(7);
});

const missed: [string, number, Storm][] = [
  ['too few are confirmed', 0, storm([overload({ confirmedMeanwhile: 1_599 }), after])],
  ['who is shed waits', 1, storm([overload({ shedMs: all(50) }), after])],
  ['somebody is not told when to come again', 2, storm([overload({ shedSilently: 1 }), after])],
  ['somebody hears nothing', 2, storm([overload({ unknown: 1 }), after])],
  ['an order is lost', 2, storm([overload(), after], { lost: 1 })],
  ['a step misses its deadline', 3, storm([overload(), after], { cancelled: { 'payment-timed-out': 1 } })],
  ['it stays slow', 4, storm([overload(), { ...after, bySecond: [second(201), second(201)] }])],
  ['memory grows', 5, storm([overload(), after], { peakMiB: 3_001 })],
];

test.each(missed)('When %s, then this goal is missed, and no other', (_, n, load) => {
  expect(reached(load)).toEqual(allReached.with(n, [false]));
});

test('When others suffer from a greedy customer, then this goal is missed', () => {
  const run = runOf(storm([overload(), after]));
  run.fairness.beside = storm([stream('others', { accepted: 1_979 }), stream('greedy')]);
  const { goals } = summariseOverload(run, quickOverload, 1);
  expect(goals.at(-1)?.figures).toEqual({ 'a greedy customer': { figure: '98.9 %', isReached: false } });
});

test('When orders are as fast as before three seconds in a row, then the first of them is the recovery', () => {
  const bySecond = [second(500), second(90), second(500), second(200), second(200), second(10), second(500)];
  expect(recoveryS({ bySecond }, 100)).toBe(3);
  expect(recoveryS({ bySecond: [second(90), second(90)] }, 100)).toBeNull();
  expect(recoveryS({ bySecond: [second(90, 199), second(90), second(90), second(90)] }, 100)).toBe(1);
});

test('When a goal is missed, then the tables say so, and the page tells how many are reached', () => {
  const report = summarise(storm([overload({ shedMs: all(80) }), after]));
  const { goals, loads, fairness } = overloadTables(report);
  expect(goals.head).toEqual(['', 'goal', '5 × the rated', 'a greedy customer']);
  expect(goals.rows[1]).toEqual(['who is shed knows it soon, p99', '< 50 ms', '80 ms, **missed**', '']);
  expect(goals.rows.at(-1)?.slice(2)).toEqual(['', '99.5 %, reached']);
  expect(loads.rows.map(([name]) => name)).toEqual(['the rated load', '5 × the rated']);
  expect(loads.rows.every(({ length }) => length === loads.head.length)).toBe(true);
  expect(fairness.rows).toHaveLength(3);
  expect(overloadParts(report)['summary']).toContain('**6 of 7 goals are reached**; the auditor says PASS');
});

test('When the auditor finds anything, then the verdict is FAIL, however fast it was', () => {
  const run = { ...runOf(storm([overload(), after])), verdict: { holds: false, evidence: 'a penny' } };
  expect(summariseOverload(run, quickOverload, 1).verdict).toBe('FAIL');
});
