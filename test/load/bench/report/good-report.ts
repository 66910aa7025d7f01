import type { Figures } from '../measure/figures.ts';
import { quickPlan } from '../plan.ts';
import type { SideRun } from '../run-side.ts';
import type { Results } from './report.ts';

export const figures = (ordersPerSecond: number, p50 = 10): Figures => ({
  ordersPerSecond,
  offeredPerS: ordersPerSecond,
  confirmedPerS: ordersPerSecond,
  shedPerS: 0,
  failed: 0,
  latencyMs: { p50, p95: 2 * p50, p99: 3 * p50, max: 4 * p50 },
  cpuSecondsPer1000Orders: 2,
  cpuByProcess: { postgres: 1.25, 'order-1': 0.75 },
  clientCpuSecondsPer1000Orders: 0.2,
  noisePercent: 1,
  memoryMiB: 1_500,
  memoryByProcess: { postgres: 1_000, 'order-1': 500 },
  transactionsPerOrder: 0.5,
  transactionsByDatabase: { order: 0.5 },
  flushesPerOrder: 0.1,
  walKiBPerOrder: 2,
  kafkaRequestsPerOrder: 0.3,
  kafkaRequestsByProcess: { 'order-1': 0.3 },
  roundTripsPerOrder: 1,
  roundTripsByProcess: { 'order-1': 1 },
  eventLoopPercent: { 'order-1': 50 },
  batchSize: 20,
  batchesByService: { order: { mean: 20, max: 99 } },
});

/** A run whose saturations are so high, at 64, 256 and 1,000 open orders. */
export const runOf = (at64: number, at256: number, at1000: number): SideRun => ({
  saturation: [
    { openOrders: 64, ...figures(at64) },
    { openOrders: 256, ...figures(at256) },
    { openOrders: 1_000, ...figures(at1000) },
  ],
  openLoop: [
    { load: '50/s', ...figures(50, 15) },
    { load: 'half of saturation', ...figures(at1000 / 2, 40) },
    { load: 'twice saturation', ...figures(at1000, 900), offeredPerS: 2 * at1000, shedPerS: at1000 },
  ],
  verdict: { holds: true, evidence: 'all is well' },
});

/** What a bench of three alternations came to: the shop is best with many orders open, the monolith with few. */
export const goodResults = (): Results => ({
  plan: { ...quickPlan, alternations: 3 },
  seed: 1,
  runs: {
    shop: [runOf(300, 600, 900), runOf(310, 640, 1_200), runOf(290, 650, 1_100)],
    monolith: [runOf(1_000, 900, 500), runOf(1_000, 950, 600), runOf(900, 1_100, 700)],
  },
  variants: { 'shop, e-mail over SMTP': { side: 'shop', run: runOf(200, 300, 400) } },
  messaging: { sentPerS: 30_000, readPerS: 90_000, cpuMsPerSent: 0.02, cpuMsPerRead: 0.007 },
});
