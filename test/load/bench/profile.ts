import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { figuresOf } from './measure/figures.ts';
import { insideBetween, insideOf } from './measure/inside.ts';
import { measure } from './measure/measure.ts';
import { startProfiles, stopProfiles } from './measure/probe-client.ts';
import type { Plan } from './plan.ts';
import { hotSpots, Profile, toText } from './report/hot-functions.ts';
import { type RunContext, type StartSide, warmUp, withSide } from './run-side.ts';
import type { Side } from './sides/side.ts';

/**
 * Profiles a side at saturation: once without the profiler, for the figures, and once with it. Leaves a
 * `.cpuprofile` of each Node process and a summary in the folder.
 */
export async function profileSide(
  start: StartSide,
  plan: Plan,
  context: RunContext,
  into: string,
): Promise<string> {
  await mkdir(into, { recursive: true });
  return withSide(start, context, async (side, load) => {
    await warmUp(side, load, plan);
    const arrivals = { kind: 'closed', openOrders: plan.barAt } as const;
    const figures = figuresOf(await measure(side, load, arrivals, plan.times));
    const insides: Promise<Inside[]>[] = [];
    const profiles: Promise<unknown>[] = [];
    const profiled = await measure(side, load, arrivals, plan.times, (edge) => {
      insides.push(lookInside(side));
      profiles.push(
        edge === 'began' ? startProfiles(side.probeFolder) : stopProfiles(side.probeFolder, into),
      );
    });
    const [before = [], after = []] = await Promise.all(insides);
    await Promise.all(profiles);
    const summary = [
      `${side.name}, ${plan.barAt} open orders. Without the profiler:`,
      JSON.stringify(figures, undefined, 2),
      `With it: ${figuresOf(profiled).ordersPerSecond} orders/s.`,
      ...after.map(({ name, seconds }, n) =>
        insideText(name, insideBetween(before[n]?.seconds ?? new Map(), seconds)),
      ),
      ...(await summaries(into)),
    ].join('\n\n');
    await writeFile(path.join(into, 'summary.txt'), `${summary}\n`);
    return summary;
  });
}

interface Inside {
  name: string;
  seconds: Map<string, number>;
}

/** The servers that are no Node processes: which of their threads or processes worked. */
async function lookInside({ supervisor }: Side): Promise<Inside[]> {
  const servers = supervisor.list().filter(({ name }) => ['kafka', 'postgres'].includes(name));
  return Promise.all(
    servers.map(async ({ name, pid }) => ({
      name,
      seconds: pid === null ? new Map() : await insideOf(pid),
    })),
  );
}

const insideText = (name: string, parts: [string, number][]): string =>
  [
    `${name}, processor seconds in the window`,
    ...parts.slice(0, 12).map(([part, seconds]) => `  ${seconds.toFixed(2).padStart(7)} s  ${part}`),
  ].join('\n');

async function summaries(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile')).sort();
  const texts = files.map(async (name) => {
    const profile = Profile.parse(JSON.parse(await readFile(path.join(folder, name), 'utf8')));
    const spots = hotSpots(profile);
    const isIdle = spots.busyPercent < 1;
    return isIdle ? [] : [toText(name.replace('.cpuprofile', ''), spots)];
  });
  return (await Promise.all(texts)).flat();
}
