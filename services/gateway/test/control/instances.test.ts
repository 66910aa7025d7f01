import { describe, expect, test } from '@jest/globals';
import { cpuPercent, stateOf } from '../../src/control/instances.ts';

const well = { process: 'ready', isPassing: true, answers: true, wasHealthy: true };

describe('When it is asked how an instance does', () => {
  test.each([
    ['all is well', {}, 'healthy'],
    ['nobody supervises it', { process: undefined }, 'healthy'],
    ['the supervisor has stopped it in its tracks', { process: 'paused', isPassing: false }, 'paused'],
    ['it was killed and starts again', { process: 'restarting', answers: false }, 'starting'],
    ['Consul finds it unwell', { isPassing: false }, 'failing'],
    ['it does not answer, and Consul does not know yet', { answers: false }, 'failing'],
    ['Consul has not seen it well yet', { isPassing: false, wasHealthy: false }, 'starting'],
    ['it took itself out of Consul', { process: undefined, isPassing: undefined }, 'draining'],
    ['nothing is heard of it', { process: undefined, isPassing: undefined, answers: false }, 'gone'],
    ['it was scaled away', { process: 'stopped', isPassing: undefined, answers: false }, 'gone'],
    ['it is up and not registered yet', { isPassing: undefined, wasHealthy: false }, 'starting'],
  ])('and %s, then that is told', (_what, seen, state) => {
    expect(stateOf({ ...well, ...seen })).toBe(state);
  });
});

test('When a process is looked at twice, then its share of a processor is told, or nothing where nobody knows', () => {
  const before = { at: 1_000, cpuSeconds: 4 };
  expect(cpuPercent(before, { at: 3_000, cpuSeconds: 5 })).toBe(50);
  expect(cpuPercent(undefined, before)).toBeNull();
  expect(cpuPercent(before, { at: 3_000, cpuSeconds: null })).toBeNull();
  expect(cpuPercent(before, { at: 3_000, cpuSeconds: 1 })).toBeNull();
  expect(cpuPercent(before, before)).toBeNull();
});
