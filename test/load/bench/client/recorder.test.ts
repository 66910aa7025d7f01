import { expect, test } from '@jest/globals';
import { createRecorder } from './recorder.ts';

const window = { fromMs: 100, toMs: 200 };

test('When orders are told of, then by their schedule, and confirmations by the time they came', () => {
  const recorder = createRecorder();
  recorder.add({ scheduledAtMs: 90, outcome: 'ok', confirmedAtMs: 110 });
  recorder.add({ scheduledAtMs: 100, outcome: 'ok', confirmedAtMs: 130 });
  recorder.add({ scheduledAtMs: 199, outcome: 'ok', confirmedAtMs: 260 });
  recorder.add({ scheduledAtMs: 200, outcome: 'ok', confirmedAtMs: 210 });
  expect(recorder.of(window)).toEqual({
    windowMs: 100,
    offered: 2,
    shed: 0,
    rejected: 0,
    unknown: 0,
    notSent: 0,
    confirmed: 2,
    latencyMs: { p50: 30, p95: 61, p99: 61, max: 61 },
  });
});

test('When orders were not taken, then each is counted by why, and none has a latency', () => {
  const recorder = createRecorder();
  for (const outcome of ['shed', 'shed', 'rejected', 'unknown', 'notSent'] as const)
    recorder.add({ scheduledAtMs: 150, outcome });
  recorder.add({ scheduledAtMs: 150, outcome: 'ok', confirmedAtMs: undefined });
  expect(recorder.of(window)).toMatchObject({
    offered: 6,
    shed: 2,
    rejected: 1,
    unknown: 1,
    notSent: 1,
    confirmed: 0,
    latencyMs: { max: 0 },
  });
});
