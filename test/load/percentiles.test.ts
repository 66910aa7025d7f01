import { expect, test } from '@jest/globals';
import { latenciesOf, peakPerSecond } from './percentiles.ts';

test('When there are a hundred values, then the percentiles are exactly those values', () => {
  const values = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect(latenciesOf(values)).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 });
});

test('When there is one value or none, then that is what is told', () => {
  expect(latenciesOf([7.25])).toEqual({ p50: 7.3, p95: 7.3, p99: 7.3, max: 7.3 });
  expect(latenciesOf([])).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 });
});

test('When moments are counted by second, then the fullest second wins', () => {
  expect(peakPerSecond([0, 10, 1_000, 1_001, 1_999, 2_000])).toBe(3);
  expect(peakPerSecond([])).toBe(0);
});
