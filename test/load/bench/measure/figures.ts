import { cpus } from 'node:os';
import { SetupError } from '@doorbuster/stack';
import { sum } from '../../../audit/words.ts';
import type { Latencies } from '../../percentiles.ts';
import type { BatchSize } from './batches.ts';
import type { Measured } from './measure.ts';

/** What is told of one phase: the measured numbers, per second or per order. */
export interface Figures {
  /** Orders that came all the way to their notification's row, per second: the slowest step counts. */
  ordersPerSecond: number;
  offeredPerS: number;
  confirmedPerS: number;
  shedPerS: number;
  /** Orders that were refused, not answered, not sent, or never heard of again. */
  failed: number;
  latencyMs: Latencies;
  /** Of all processes of the side, its servers among them, without the client. */
  cpuSecondsPer1000Orders: number;
  cpuByProcess: Record<string, number>;
  clientCpuSecondsPer1000Orders: number;
  /** How much of the machine was used by neither side nor client: noise, where it is more than a few per cent. */
  noisePercent: number;
  memoryMiB: number;
  memoryByProcess: Record<string, number>;
  transactionsPerOrder: number;
  transactionsByDatabase: Record<string, number>;
  /** Flushes of the write-ahead log to the disk. */
  flushesPerOrder: number;
  walKiBPerOrder: number;
  kafkaRequestsPerOrder: number;
  kafkaRequestsByProcess: Record<string, number>;
  /** Times that a process waited for PostgreSQL. */
  roundTripsPerOrder: number;
  roundTripsByProcess: Record<string, number>;
  /** How busy each process's event loop was. */
  eventLoopPercent: Record<string, number>;
  /** Messages committed together, over all services that have an inbox. */
  batchSize: number;
  batchesByService: Record<string, BatchSize>;
}

/** @throws SetupError when not one order came all the way, since nothing can be told of none */
export function figuresOf(measured: Measured): Figures {
  const { seen, spent, database, kafkaRequests, databaseRequests, eventLoopMs, batches } = measured;
  const seconds = seen.windowMs / 1_000;
  const orders = ordersOf(measured);
  if (!(orders > 0)) {
    const { confirmed, rejected, unknown, shed } = seen;
    throw new SetupError(
      `Not one order came all the way in a window: ${confirmed} were confirmed and ${measured.notified} told, ` +
        `${rejected} refused, ${shed} shed and ${unknown} not answered.`,
    );
  }
  const perOrder = (values: Record<string, number>, times = 1) => scaled(values, times / orders);
  const cpuByProcess = perOrder(spent.cpuSeconds, 1_000);
  const used = total(spent.cpuSeconds) + seen.clientCpuSeconds;
  const noise = (spent.machineBusySeconds - used) / (seconds * cpus().length);
  return {
    ordersPerSecond: round(orders / seconds, 1),
    offeredPerS: round(seen.offered / seconds, 1),
    confirmedPerS: round(seen.confirmed / seconds, 1),
    shedPerS: round(seen.shed / seconds, 1),
    failed: seen.rejected + seen.unknown + seen.notSent + seen.lost,
    latencyMs: seen.latencyMs,
    cpuSecondsPer1000Orders: round(total(cpuByProcess)),
    cpuByProcess,
    clientCpuSecondsPer1000Orders: round((seen.clientCpuSeconds / orders) * 1_000),
    noisePercent: round(Math.max(0, noise) * 100, 0),
    memoryMiB: Math.round(total(spent.memoryMiB)),
    memoryByProcess: scaled(spent.memoryMiB, 1, 0),
    transactionsPerOrder: round(total(database.transactions) / orders),
    transactionsByDatabase: perOrder(database.transactions),
    flushesPerOrder: round(database.flushes / orders),
    walKiBPerOrder: round(database.walBytes / 1_024 / orders, 1),
    kafkaRequestsPerOrder: round(total(kafkaRequests) / orders),
    kafkaRequestsByProcess: perOrder(kafkaRequests),
    roundTripsPerOrder: round(total(databaseRequests) / orders),
    roundTripsByProcess: perOrder(databaseRequests),
    eventLoopPercent: scaled(eventLoopMs, 100 / seen.windowMs, 0),
    batchSize: round(meanBatch(Object.values(batches)), 1),
    batchesByService: Object.fromEntries(
      Object.entries(batches).map(([name, { mean, max }]) => [name, { mean: round(mean, 1), max }]),
    ),
  };
}

/**
 * The orders of the window that came all the way. The client hears of the confirmation; what comes after it must keep
 * up, so neither its rows nor the orders that wait for their end may fall behind.
 */
const ordersOf = ({ seen: { confirmed }, notified, unfinishedMore }: Measured): number =>
  Math.min(confirmed, notified, confirmed - unfinishedMore);

const meanBatch = (batches: BatchSize[]): number =>
  batches.length === 0 ? 1 : sum(batches, ({ mean }) => mean) / batches.length;

const total = (values: Record<string, number>): number => sum(Object.values(values), (value) => value);

const round = (value: number, digits = 3): number => Number(value.toFixed(digits));

/** Each value times a factor; those of which nothing is left are left out. */
function scaled(values: Record<string, number>, factor: number, digits = 3): Record<string, number> {
  const entries = Object.entries(values).map(
    ([name, value]) => [name, round(value * factor, digits)] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== 0));
}
