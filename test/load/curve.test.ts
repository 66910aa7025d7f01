import { expect, test } from '@jest/globals';
import { arrivals, type Curve, expectedOrders, rateAt } from './curve.ts';
import { mulberry32 } from './random.ts';

const curve: Curve = { seconds: 60, basePerS: 20, peakPerS: 200 };

test('When the doors open, then the rate goes from base to peak, stays, and decays', () => {
  expect(rateAt(curve, 6)).toBe(20);
  expect(rateAt(curve, 20)).toBe(200);
  expect(rateAt(curve, 30)).toBe(200);
  expect(rateAt(curve, 45)).toBeLessThan(100);
  expect(rateAt(curve, 61)).toBe(0);
});

test('When arrivals are drawn, then there are as many as the curve makes expect', () => {
  const drawn = [...arrivals(curve, mulberry32(1))].length;
  const expected = expectedOrders(curve);
  // Five standard deviations of a Poisson process.
  expect(Math.abs(drawn - expected)).toBeLessThan(5 * Math.sqrt(expected));
});

test('When the seed is the same, then so are the arrivals, in order and within the time', () => {
  const one = [...arrivals(curve, mulberry32(7))];
  expect([...arrivals(curve, mulberry32(7))]).toEqual(one);
  expect([...arrivals(curve, mulberry32(8))]).not.toEqual(one);
  expect(one.toSorted((a, b) => a - b)).toEqual(one);
  expect(one.at(-1)).toBeLessThanOrEqual(60_000);
});

test('When base and peak are the same, then the rate never changes', () => {
  expect(expectedOrders({ seconds: 10, basePerS: 50, peakPerS: 50 })).toBeCloseTo(500, 6);
});
