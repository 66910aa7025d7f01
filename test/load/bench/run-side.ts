import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { count } from '../../audit/words.ts';
import type { Arrivals } from './client/messages.ts';
import { type Load, startLoad } from './load.ts';
import { type Figures, figuresOf } from './measure/figures.ts';
import { measure } from './measure/measure.ts';
import type { OpenLoad, Plan } from './plan.ts';
import type { Side, SideOptions, Verdict } from './sides/side.ts';

/** What was measured of one side between its start and its stop. */
export interface SideRun {
  saturation: (Figures & { openOrders: number })[];
  openLoop: (Figures & { load: string })[];
  verdict: Verdict;
}

export interface RunContext extends Omit<SideOptions, 'probeFolder'> {
  /** A folder of this run, in which each side gets one of its own. */
  scratch: string;
  seed: number;
  say(line: string): void;
}

export type StartSide = (options: SideOptions) => Promise<Side>;

/** Starts a side, lets `work` do what it wants with it under load, and stops it whatever happens. */
export async function withSide<T>(
  start: StartSide,
  context: RunContext,
  work: (side: Side, load: Load) => Promise<T>,
): Promise<T> {
  const { scratch, seed, signal } = context;
  const probeFolder = path.join(scratch, String(sides++));
  await mkdir(probeFolder);
  const side = await start({ ...context, probeFolder });
  let load: Load | undefined;
  try {
    const { target, confirmedBy, historyFile } = side;
    load = await startLoad({ target, confirmedBy, seed, historyFile }, signal);
    return await work(side, load);
  } finally {
    await load?.close();
    await side.stop();
  }
}

let sides = 0;

/** What compilers and caches are warmed up with. */
const warmUpOpenOrders = 1_000;

export async function warmUp(side: Side, load: Load, { warmUpMs }: Pick<Plan, 'warmUpMs'>): Promise<void> {
  const arrivals = { kind: 'closed', openOrders: warmUpOpenOrders } as const;
  await measure(side, load, arrivals, { rampMs: 0, windowMs: warmUpMs });
}

/** Goes through the whole plan with one side, and reads its books at the end. */
export async function runSide(start: StartSide, plan: Plan, context: RunContext): Promise<SideRun> {
  return withSide(start, context, async (side, load) => {
    const run = async (name: string, arrivals: Arrivals): Promise<Figures> => {
      context.signal.throwIfAborted();
      const figures = figuresOf(await measure(side, load, arrivals, plan.times));
      context.say(`${side.name}, ${name}: ${line(figures)}`);
      return figures;
    };
    await warmUp(side, load, plan);
    const saturation: SideRun['saturation'] = [];
    for (const openOrders of plan.openOrders) {
      const figures = await run(`${count(openOrders)} open`, { kind: 'closed', openOrders });
      saturation.push({ openOrders, ...figures });
    }
    const best = saturationOf(side.name, saturation, plan).ordersPerSecond;
    const openLoop: SideRun['openLoop'] = [];
    for (const load of plan.openLoads) {
      const figures = await run(load.name, { kind: 'open', perS: rateOf(load, best) });
      openLoop.push({ load: load.name, ...figures });
    }
    const verdict = await side.judge();
    context.say(`${side.name}: ${verdict.holds ? 'PASS' : `FAIL\n${verdict.evidence}`}`);
    return { saturation, openLoop, verdict };
  });
}

/** Where a side's bar is read: the shop's at one of the loads, whatever the others say, the monolith's at its best. */
export function saturationOf<F extends { openOrders: number; ordersPerSecond: number }>(
  side: Side['name'],
  saturation: readonly F[],
  { barAt }: Pick<Plan, 'barAt'>,
): F {
  const best = saturation.toSorted((a, b) => b.ordersPerSecond - a.ordersPerSecond)[0];
  const bar = side === 'shop' ? saturation.find(({ openOrders }) => openOrders === barAt) : best;
  const found = bar ?? best;
  if (found === undefined) throw new Error('No saturation was measured');
  return found;
}

const rateOf = (load: OpenLoad, saturation: number): number =>
  'perS' in load ? load.perS : Math.max(1, load.ofSaturation * saturation);

const line = ({
  ordersPerSecond,
  latencyMs,
  cpuSecondsPer1000Orders,
  shedPerS,
  failed,
  noisePercent,
}: Figures) =>
  [
    `${count(ordersPerSecond)} orders/s`,
    `p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms`,
    `${cpuSecondsPer1000Orders.toFixed(2)} CPU-s per 1,000`,
    ...(shedPerS === 0 ? [] : [`shed ${count(shedPerS)}/s`]),
    ...(failed === 0 ? [] : [`FAILED ${count(failed)}`]),
    `noise ${noisePercent} %`,
  ].join(', ');
