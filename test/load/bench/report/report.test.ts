import { expect, test } from '@jest/globals';
import { goodResults, runOf } from './good-report.ts';
import { median, medians } from './medians.ts';
import { summarise } from './report.ts';

test('When values are many, then the median is the middle one, or between the two in the middle', () => {
  expect([median([3, 1, 2]), median([1, 2, 3, 10]), median([7])]).toEqual([2, 2.5, 7]);
});

test('When runs are put together, then each number is its median, wherever it stands', () => {
  const runs = [
    { name: 'a', n: 1, deep: { x: 5, y: 1 } },
    { name: 'a', n: 9, deep: { x: 7 } },
    { name: 'a', n: 2, deep: { x: 6 } },
  ];
  expect(medians(runs)).toEqual({ name: 'a', n: 2, deep: { x: 6, y: 1 } });
});

test('When both sides were run, then the shop at 1,000 is compared with the best of the same alternation', () => {
  const { ratio, ratioRange, shop, monolith, verdict } = summarise(goodResults());
  expect([ratio, ratioRange]).toEqual([1, [0.9, 1.2]]);
  expect(shop).toMatchObject({
    openOrders: 1_000,
    ordersPerSecond: 1_100,
    ordersPerSecondRange: [900, 1_200],
  });
  expect(monolith).toMatchObject({ openOrders: 64, ordersPerSecond: 1_000 });
  expect(verdict).toBe('PASS');
});

test('When a report is written, then latencies are those at half of saturation, and the open loop is the shop’s', () => {
  const report = summarise(goodResults());
  expect(report.shop?.latencyMs).toMatchObject({ p50: 40, p99: 120 });
  expect(report.openLoop.map(({ load }) => load)).toEqual(['50/s', 'half of saturation', 'twice saturation']);
  expect(report.openLoop[2]).toMatchObject({
    offeredPerS: 2_200,
    confirmedPerS: 1_100,
    shedPerS: 1_100,
    p50: 900,
  });
  expect(report.variants['shop, e-mail over SMTP']).toMatchObject({ side: 'shop', ordersPerSecond: 400 });
});

test('When any audit failed, then the verdict is FAIL', () => {
  const results = goodResults();
  const failed = { ...runOf(1, 1, 1), verdict: { holds: false, evidence: 'a penny is missing' } };
  expect(summarise({ ...results, variants: { x: { side: 'shop', run: failed } } }).verdict).toBe('FAIL');
  expect(summarise({ ...results, runs: { ...results.runs, monolith: [failed] } }).verdict).toBe('FAIL');
});

test('When only one side was run, then nothing is compared', () => {
  const results = goodResults();
  const report = summarise({ ...results, runs: { shop: results.runs.shop, monolith: [] } });
  expect(report).toMatchObject({ ratio: null, ratioRange: null, monolith: null, verdict: 'PASS' });
});
