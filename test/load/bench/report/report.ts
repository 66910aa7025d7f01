import { cpus, totalmem } from 'node:os';
import type { Figures } from '../measure/figures.ts';
import type { MessagingAlone } from '../messaging-alone.ts';
import type { Plan } from '../plan.ts';
import { type SideRun, saturationOf } from '../run-side.ts';
import type { Side } from '../sides/side.ts';
import { median, medians, rangeOf } from './medians.ts';

type Range = [number, number];

/** Medians over the alternations, with the range of what is compared. */
export interface Saturation extends Figures {
  openOrders: number;
  ordersPerSecondRange: Range;
}

export interface OpenLoop {
  load: string;
  offeredPerS: number;
  confirmedPerS: number;
  shedPerS: number;
  p50: number;
  p95: number;
  p99: number;
  failed: number;
  cpuSecondsPer1000Orders: number;
  memoryMiB: number;
}

/** One side: its figures at saturation, where the bar is read, but for the latencies. */
export interface SideReport extends Saturation {
  /** From the scheduled send to confirmed, at half of saturation. */
  latencyMs: Figures['latencyMs'];
  saturation: Saturation[];
  openLoop: OpenLoop[];
}

export interface Variant {
  side: Side['name'];
  openOrders: number;
  ordersPerSecond: number;
  cpuSecondsPer1000Orders: number;
  memoryMiB: number;
  latencyMs: Figures['latencyMs'];
}

/** What `--report FILE` holds. */
export interface BenchReport {
  version: 1;
  date: string;
  seed: number;
  machine: { cpus: number; model: string; memoryGiB: number; platform: string; node: string };
  plan: { alternations: number; warmUpS: number; windowS: number };
  /** Orders per second of the shop over those of the monolith, the median of the alternations; null without both. */
  ratio: number | null;
  ratioRange: Range | null;
  shop: SideReport | null;
  monolith: SideReport | null;
  variants: Record<string, Variant>;
  /** The messaging library without a shop around it; null where it was not measured. */
  messaging: MessagingAlone | null;
  /** The shop's. */
  openLoop: OpenLoop[];
  /** FAIL where an auditor found anything: then the speed is no result. */
  verdict: 'PASS' | 'FAIL';
}

export interface Results {
  plan: Plan;
  seed: number;
  runs: Record<Side['name'], SideRun[]>;
  variants: Record<string, { side: Side['name']; run: SideRun }>;
  messaging: MessagingAlone | null;
}

/** Puts together what a bench came to. Pure but for the machine and the date. */
export function summarise({ plan, seed, runs, variants, messaging }: Results): BenchReport {
  const ratios = ratiosOf(runs, plan);
  const all = [...runs.shop, ...runs.monolith, ...Object.values(variants).map(({ run }) => run)];
  const shop = sideReport('shop', runs.shop, plan);
  return {
    version: 1,
    date: new Date().toISOString().slice(0, 10),
    seed,
    machine: machine(),
    plan: {
      alternations: plan.alternations,
      warmUpS: plan.warmUpMs / 1_000,
      windowS: plan.times.windowMs / 1_000,
    },
    ratio: ratios.length === 0 ? null : median(ratios),
    ratioRange: ratios.length === 0 ? null : rangeOf(ratios),
    shop,
    monolith: sideReport('monolith', runs.monolith, plan),
    variants: Object.fromEntries(
      Object.entries(variants).map(([name, { side, run }]) => [name, variantOf(side, run, plan)]),
    ),
    messaging,
    openLoop: shop?.openLoop ?? [],
    verdict: all.every(({ verdict }) => verdict.holds) ? 'PASS' : 'FAIL',
  };
}

/** Each shop is compared with the monolith of its own alternation, since the machine is not the same all the time. */
function ratiosOf({ shop, monolith }: Results['runs'], plan: Plan): number[] {
  return shop.flatMap((run, n) => {
    const other = monolith[n];
    if (other === undefined) return [];
    const ours = saturationOf('shop', run.saturation, plan).ordersPerSecond;
    const theirs = saturationOf('monolith', other.saturation, plan).ordersPerSecond;
    return [Number((ours / theirs).toFixed(3))];
  });
}

function sideReport(name: Side['name'], runs: SideRun[], plan: Plan): SideReport | null {
  const [first] = runs;
  if (first === undefined) return null;
  const saturation = first.saturation.map((_, n): Saturation => {
    const same = runs.flatMap((run) => run.saturation[n] ?? []);
    return {
      ...medians(same),
      ordersPerSecondRange: rangeOf(same.map(({ ordersPerSecond }) => ordersPerSecond)),
    };
  });
  const openLoop = first.openLoop.map((_, n) => medians(runs.flatMap((run) => run.openLoop[n] ?? [])));
  const bar = saturationOf(name, saturation, plan);
  const half = openLoop.find(({ load }) => load.startsWith('half'));
  return {
    ...bar,
    latencyMs: half?.latencyMs ?? bar.latencyMs,
    saturation,
    openLoop: openLoop.map(toOpenLoop),
  };
}

function toOpenLoop(figures: Figures & { load: string }): OpenLoop {
  const { load, offeredPerS, confirmedPerS, shedPerS, failed, cpuSecondsPer1000Orders, memoryMiB } = figures;
  const { p50, p95, p99 } = figures.latencyMs;
  return {
    load,
    offeredPerS,
    confirmedPerS,
    shedPerS,
    p50,
    p95,
    p99,
    failed,
    cpuSecondsPer1000Orders,
    memoryMiB,
  };
}

function variantOf(side: Side['name'], run: SideRun, plan: Plan): Variant {
  const figures = saturationOf(side, run.saturation, plan);
  const { openOrders, ordersPerSecond, cpuSecondsPer1000Orders, memoryMiB, latencyMs } = figures;
  return { side, openOrders, ordersPerSecond, cpuSecondsPer1000Orders, memoryMiB, latencyMs };
}

export function machine(): BenchReport['machine'] {
  const [first, ...others] = cpus();
  const memoryGiB = Number((totalmem() / 2 ** 30).toFixed(1));
  const { platform, arch, version } = process;
  const model = first?.model.trim() ?? 'unknown';
  return { cpus: others.length + 1, model, memoryGiB, platform: `${platform} ${arch}`, node: version };
}
