import { expect, test } from '@jest/globals';
import { spentBetween } from './spent.ts';

const used = (seconds: number) => ({
  cpuSeconds: new Map([['order-1', seconds]]),
  rssBytes: new Map([['order-1', 2 ** 21]]),
  machineBusySeconds: 2 * seconds,
});

test('When two looks are compared, then what was used between them is told', () => {
  expect(spentBetween(used(1), used(3))).toEqual({
    cpuSeconds: { 'order-1': 2 },
    memoryMiB: { 'order-1': 2 },
    machineBusySeconds: 4,
  });
});

test('When a process was started anew meanwhile, then the window is of no use', () => {
  expect(() => spentBetween(used(3), used(1))).toThrow('order-1 was started anew');
  expect(() => spentBetween({ ...used(0), cpuSeconds: new Map() }, used(1))).toThrow('order-1');
});
