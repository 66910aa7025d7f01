import { z } from 'zod';

/** What V8's profiler writes, as far as it is of use here. */
export const Profile = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.int() }),
    }),
  ),
  samples: z.array(z.int()),
  /** Microseconds before each sample. */
  timeDeltas: z.array(z.number()),
});
export type Profile = z.infer<typeof Profile>;

export interface Share {
  name: string;
  /** Of the time in which the process did anything, without what it called. */
  percent: number;
}

export interface HotSpots {
  /** How much of the time the process did anything. */
  busyPercent: number;
  functions: Share[];
  /** The same time by package, or by folder of ours. */
  packages: Share[];
}

/** Not the process's own doing: waiting, and what the profiler itself does. */
const isIdle = ({ functionName, url }: Profile['nodes'][number]['callFrame']): boolean =>
  functionName === '(idle)' || url === 'node:inspector';

/** Finds what took the most time itself. */
export function hotSpots({ nodes, samples, timeDeltas }: Profile, shown = 25): HotSpots {
  const frameOf = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  let [all, busy] = [0, 0];
  for (const [n, id] of samples.entries()) {
    const frame = frameOf.get(id);
    const us = timeDeltas[n] ?? 0;
    all += us;
    if (frame === undefined || isIdle(frame)) continue;
    busy += us;
    const { functionName, url, lineNumber } = frame;
    const name = `${functionName || '(anonymous)'}${url === '' ? '' : ` ${placeOf(url)}:${lineNumber + 1}`}`;
    functions.set(name, (functions.get(name) ?? 0) + us);
    const home = url === '' ? functionName : homeOf(url);
    packages.set(home, (packages.get(home) ?? 0) + us);
  }
  return {
    busyPercent: percent(busy, all),
    functions: largest(functions, busy, shown),
    packages: largest(packages, busy, shown),
  };
}

const percent = (part: number, whole: number): number =>
  whole === 0 ? 0 : Number(((100 * part) / whole).toFixed(1));

const largest = (times: Map<string, number>, busy: number, shown: number): Share[] =>
  [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, shown)
    .map(([name, us]) => ({ name, percent: percent(us, busy) }));

/** `node_modules/pg/lib/client.js`, `libs/pipeline/src/gather.ts` or `node:net`. */
function placeOf(url: string): string {
  const [, known] = /((?:node_modules|libs|services|test)\/.*)$/.exec(url) ?? [];
  return known ?? url;
}

/** `pg`, `libs/pipeline` or `node:net`. */
function homeOf(url: string): string {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (name !== undefined) return name;
  const [, own] = /((?:libs|services)\/[^/]+|test)\//.exec(url) ?? [];
  return own ?? url;
}

/** For a terminal or a file. */
export function toText(instance: string, { busyPercent, functions, packages }: HotSpots): string {
  const rows = (shares: Share[]) =>
    shares.map(({ name, percent }) => `  ${percent.toFixed(1).padStart(5)} %  ${name}`);
  return [
    `${instance}: busy ${busyPercent} % of the time; of that, by package`,
    ...rows(packages.slice(0, 12)),
    '  and by function',
    ...rows(functions),
  ].join('\n');
}
