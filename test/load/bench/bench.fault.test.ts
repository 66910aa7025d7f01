import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { catalogueCsv } from './mix.ts';
import { type Plan, quickPlan } from './plan.ts';
import type { BenchReport } from './report/report.ts';
import { runBench } from './run-bench.ts';
import type { RunContext } from './run-side.ts';

const plan: Plan = {
  alternations: 1,
  warmUpMs: 500,
  times: { rampMs: 250, windowMs: 1_500 },
  openOrders: [32],
  barAt: 32,
  openLoads: quickPlan.openLoads.slice(0, 1),
};

let scratch: string;
let report: BenchReport;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'doorbuster-bench-'));
  const catalogueFile = path.join(scratch, 'catalogue.csv');
  await writeFile(catalogueFile, catalogueCsv());
  const { signal } = new AbortController();
  const say = () => undefined;
  const context: RunContext = { catalogueFile, scratch, seed: 1, instances: 1, oldOrders: 0, signal, say };
  const options = { plan, seed: 1, sides: ['shop', 'monolith'], withVariants: false } as const;
  report = await runBench(options, context);
}, 240_000);

afterAll(() => rm(scratch, { recursive: true, force: true }));

test('When a small bench is over, then every audit passed and the sides are compared', () => {
  expect(report.verdict).toBe('PASS');
  const { shop, monolith, ratio } = report;
  expect(ratio).toBeCloseTo((shop?.ordersPerSecond ?? 0) / (monolith?.ordersPerSecond ?? 1), 2);
  expect([shop?.failed, monolith?.failed]).toEqual([0, 0]);
});

test('When it is over, then each side tells what its orders cost, and where', () => {
  const { shop, monolith } = report;
  for (const name of ['gateway-1', 'order-1', 'inventory-1', 'payment-1', 'kafka', 'postgres'])
    expect([name, shop?.cpuByProcess[name]]).toEqual([name, expect.any(Number)]);
  expect(monolith?.cpuByProcess['monolith-1']).toBeGreaterThan(0);
  expect(monolith?.cpuByProcess['kafka']).toBeUndefined();
  expect(shop?.kafkaRequestsPerOrder).toBeGreaterThan(0);
  expect(monolith?.roundTripsPerOrder).toBeCloseTo(1, 0);
  expect(Object.keys(shop?.batchesByService ?? {}).sort()).toEqual([
    'inventory',
    'notification',
    'order',
    'payment',
  ]);
});

test('When it is over, then the in-process acquirer was charged and no mail was sent', () => {
  expect(report.shop?.transactionsByDatabase['acquirer']).toBeGreaterThan(0);
  expect(report.shop?.cpuByProcess['mailbox-1'] ?? 0).toBeLessThan(1);
});

test('When orders came by schedule, then the report has their latencies', () => {
  expect(report.openLoop).toEqual([
    expect.objectContaining({ load: '50/s', shedPerS: 0, failed: 0, p50: expect.any(Number) }),
  ]);
  const [{ p50 = 0, p95 = 0, p99 = 0 } = {}] = report.openLoop;
  expect(p50).toBeGreaterThan(0);
  expect(p95).toBeGreaterThanOrEqual(p50);
  expect(p99).toBeGreaterThanOrEqual(p95);
});
