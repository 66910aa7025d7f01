import { describe, expect, test } from '@jest/globals';
import { difference, quantile, together } from '../../src/control/percentiles.ts';

const bounds = [0.1, 0.5, 1];

describe('When a percentile is taken from a histogram', () => {
  test('then values lie evenly in their bucket', () => {
    expect(quantile({ bounds, buckets: [10, 0, 0, 0] }, 0.5)).toBeCloseTo(0.05);
    expect(quantile({ bounds, buckets: [5, 5, 0, 0] }, 0.75)).toBeCloseTo(0.3);
    expect(quantile({ bounds, buckets: [0, 0, 4, 0] }, 1)).toBeCloseTo(1);
  });

  test('then what is above all bounds lies on the last', () => {
    expect(quantile({ bounds, buckets: [0, 0, 0, 3] }, 0.5)).toBe(1);
  });

  test('then nothing has none', () => {
    expect(quantile({ bounds, buckets: [0, 0, 0, 0] }, 0.5)).toBeUndefined();
  });
});

describe('When histograms are put together', () => {
  test('then only what came since the first look counts', () => {
    const before = { bounds, buckets: [1, 2, 3, 4] };
    expect(difference(before, { bounds, buckets: [2, 2, 5, 4] }).buckets).toEqual([1, 0, 2, 0]);
    expect(difference(undefined, before).buckets).toEqual([1, 2, 3, 4]);
  });

  test('then each bucket is the sum, and nothing is changed', () => {
    const one = { bounds, buckets: [1, 0, 0, 0] };
    expect(together([one, { bounds, buckets: [1, 1, 0, 2] }])?.buckets).toEqual([2, 1, 0, 2]);
    expect(one.buckets).toEqual([1, 0, 0, 0]);
    expect(together([])).toBeUndefined();
  });
});
