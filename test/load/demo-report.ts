import { cpus, totalmem } from 'node:os';
import type { Report } from '../audit/report.ts';
import { count, sum } from '../audit/words.ts';
import type { DrawnOrder } from './draw-order.ts';
import type { Following } from './follow.ts';
import { servicesOf } from './jaeger.ts';
import type { DemoOptions } from './options.ts';
import { type Latencies, latenciesOf, peakPerSecond } from './percentiles.ts';
import type { Tally } from './tally.ts';
import type { Usage } from './usage.ts';

/** What `--report FILE` holds. */
export interface DemoReport {
  version: 1;
  seed: number;
  machine: { cpus: number; model: string; memoryGiB: number; platform: string; node: string };
  setupMs: number;
  orders: Record<'offered' | 'accepted' | 'shed' | 'failed' | 'confirmed' | 'cancelled' | 'open', number>;
  rates: { acceptedPeakPerS: number; confirmedPeakPerS: number; meanPerS: number };
  latencyMs: { accept: Latencies; confirm: Latencies };
  /** What the processes used is not to be seen of a shop that somebody else started. */
  cpuSecondsPer1000Orders: number | null;
  memoryMiB: { total: number; byProcess: Record<string, number> } | null;
  invariants: { id: string; name: string; holds: boolean; evidence: string }[];
  trace: { orderId: string; traceId: string; services: string[]; spans: number } | null;
  verdict: Report['verdict'];
}

export interface Results {
  options: DemoOptions;
  setupMs: number;
  tally: Tally;
  following: Following;
  usage: Usage | undefined;
  audited: Report;
  /** The trace that the first order was told to make. */
  traceId: string;
}

/** Puts together what a run came to. */
export function summarise(results: Results, drawn: DrawnOrder | undefined): DemoReport {
  const { options, setupMs, tally, following, usage, audited } = results;
  const { offered, accepted, shed, rejected, unknown, notSent } = tally.counts;
  const { confirmed, cancelled, open, waitingForParked } = audited.orders;
  return {
    version: 1,
    seed: options.seed,
    machine: machine(),
    setupMs: Math.round(setupMs),
    orders: {
      offered,
      accepted,
      shed,
      failed: rejected + unknown + notSent,
      confirmed,
      cancelled,
      open: open + waitingForParked,
    },
    rates: ratesOf(results),
    latencyMs: { accept: latenciesOf(tally.acceptMs), confirm: latenciesOf(following.confirmMs) },
    cpuSecondsPer1000Orders: usage === undefined ? null : cpuPer1000(usage, tally),
    memoryMiB: usage === undefined ? null : memory(usage),
    invariants: audited.invariants.map(({ id, name, holds, evidence }) => ({ id, name, holds, evidence })),
    trace: traceOf(drawn),
    verdict: audited.verdict,
  };
}

const ratesOf = ({ tally, following, options }: Results): DemoReport['rates'] => ({
  acceptedPeakPerS: peakPerSecond(tally.acceptedAtMs),
  confirmedPeakPerS: peakPerSecond(following.confirmedAtMs),
  meanPerS: round(tally.counts.accepted / options.curve.seconds, 1),
});

function cpuPer1000(usage: Usage, tally: Tally): number {
  const cpuSeconds = sum(usage.cpuSeconds.values(), (seconds) => seconds);
  return round((cpuSeconds / Math.max(1, tally.counts.accepted)) * 1_000, 2);
}

function machine(): DemoReport['machine'] {
  const [first, ...others] = cpus();
  const memoryGiB = round(totalmem() / 2 ** 30, 1);
  const { platform, arch, version } = process;
  const model = first?.model.trim() ?? 'unknown';
  return { cpus: others.length + 1, model, memoryGiB, platform: `${platform} ${arch}`, node: version };
}

function memory({ rssBytesMax }: Usage): NonNullable<DemoReport['memoryMiB']> {
  const byProcess = Object.fromEntries([...rssBytesMax].map(([name, bytes]) => [name, mebibytes(bytes)]));
  return { total: sum(Object.values(byProcess), (mib) => mib), byProcess };
}

function traceOf(drawn: DrawnOrder | undefined): DemoReport['trace'] {
  if (drawn === undefined || drawn.traceId === null || drawn.spans.length === 0) return null;
  const { order, traceId, spans } = drawn;
  return { orderId: order.id, traceId, services: servicesOf(spans), spans: spans.length };
}

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** The figures of a run, for a terminal. */
export function toFigures(results: Results): string {
  const { tally, following, usage, options, audited } = results;
  const { offered, accepted, shed, rejected, unknown, notSent, replays, wrongReplays } = tally.counts;
  const { confirmed, cancelled, open, waitingForParked } = audited.orders;
  const rates = ratesOf(results);
  const perS = (n: number) => `${count(n / options.curve.seconds)}/s`;
  const lines = [
    `offered ${perS(offered)}, accepted ${perS(accepted)}, ${shed === 0 ? 'shed 0' : `shed ${perS(shed)} with Retry-After`}` +
      `; rejected ${count(rejected)}, unknown ${count(unknown)}, not sent for a full client ${count(notSent)}`,
    `accepted ${count(accepted)}, confirmed ${count(confirmed)}, cancelled ${count(cancelled)}, open ${count(open + waitingForParked)}`,
    `orders/s: accepted ${rates.acceptedPeakPerS} and confirmed ${rates.confirmedPeakPerS} in the best second, ${rates.meanPerS} on average`,
    latencyLine('accepted', latenciesOf(tally.acceptMs)),
    latencyLine('confirmed', latenciesOf(following.confirmMs)),
    `sent twice on purpose: ${count(replays)}, of which ${count(wrongReplays)} got another answer than the first`,
    ...(usage === undefined ? [] : usageLines(usage, tally)),
  ];
  return lines.map((line) => `  ${line}`.trimEnd()).join('\n');
}

const latencyLine = (what: string, { p50, p95, p99, max }: Latencies): string =>
  `from the scheduled time to ${what.padEnd(9)}: p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, max ${max} ms`;

const usageLines = (usage: Usage, tally: Tally): string[] => [
  '',
  ...processTable(usage),
  `CPU ${cpuPer1000(usage, tally)} s per 1,000 orders, memory ${count(memory(usage).total)} MiB, the generator not counted`,
];

function processTable({ cpuSeconds, rssBytesMax }: Usage): string[] {
  const rows = [...rssBytesMax].map(([name, bytes]) => {
    const cpu = (cpuSeconds.get(name) ?? 0).toFixed(1).padStart(7);
    return `${name.padEnd(16)} ${cpu} CPU-s  ${String(mebibytes(bytes)).padStart(5)} MiB`;
  });
  const half = Math.ceil(rows.length / 2);
  return rows.slice(0, half).map((row, n) => [row, rows[n + half]].filter(Boolean).join('     '));
}
