import { cpus } from 'node:os';
import { expect, test } from '@jest/globals';
import { figuresOf } from './figures.ts';
import type { Measured } from './measure.ts';

/** A window of 10 s in which 1,000 orders were confirmed and told. */
const measured = (): Measured => ({
  arrivals: { kind: 'closed', openOrders: 64 },
  seen: {
    windowMs: 10_000,
    offered: 1_010,
    shed: 0,
    rejected: 0,
    unknown: 0,
    notSent: 0,
    confirmed: 1_000,
    latencyMs: { p50: 10, p95: 20, p99: 30, max: 40 },
    lost: 0,
    clientCpuSeconds: 0.5,
  },
  spent: {
    cpuSeconds: { 'order-1': 1, postgres: 2, 'mailbox-1': 0 },
    memoryMiB: { 'order-1': 200, postgres: 100 },
    machineBusySeconds: 3.5 + cpus().length,
  },
  database: { transactions: { order: 300, payment: 100 }, walBytes: 1_024_000, flushes: 200 },
  notified: 1_000,
  unfinishedMore: 0,
  kafkaRequests: { 'order-1': 250 },
  databaseRequests: { 'order-1': 500 },
  eventLoopMs: { 'order-1': 4_000 },
  batches: { order: { mean: 20, max: 90 }, payment: { mean: 10, max: 50 } },
});

test('When a window was measured, then its figures are per second and per order', () => {
  expect(figuresOf(measured())).toMatchObject({
    ordersPerSecond: 100,
    offeredPerS: 101,
    cpuSecondsPer1000Orders: 3,
    cpuByProcess: { 'order-1': 1, postgres: 2 },
    clientCpuSecondsPer1000Orders: 0.5,
    noisePercent: 10,
    memoryMiB: 300,
    transactionsPerOrder: 0.4,
    flushesPerOrder: 0.2,
    walKiBPerOrder: 1,
    kafkaRequestsPerOrder: 0.25,
    roundTripsPerOrder: 0.5,
    eventLoopPercent: { 'order-1': 40 },
    batchSize: 15,
  });
});

test('When a step after the confirmation falls behind, then the orders are only as many as it did', () => {
  expect(figuresOf({ ...measured(), notified: 800 }).ordersPerSecond).toBe(80);
  expect(figuresOf({ ...measured(), unfinishedMore: 300 }).ordersPerSecond).toBe(70);
  expect(figuresOf({ ...measured(), unfinishedMore: -300 }).ordersPerSecond).toBe(100);
});

test('When orders failed in whatever way, then they are counted', () => {
  const { seen } = measured();
  const failing = { ...seen, rejected: 1, unknown: 2, notSent: 3, lost: 4 };
  expect(figuresOf({ ...measured(), seen: failing }).failed).toBe(10);
});

test('When not one order was confirmed, then there are no figures, and it says why', () => {
  const seen = { ...measured().seen, confirmed: 0, unknown: 7 };
  expect(() => figuresOf({ ...measured(), seen })).toThrow(
    'Not one order came all the way in a window: 0 were confirmed and 1000 told, 0 refused, 0 shed and 7 not',
  );
});
