import type { ControlService, ControlSnapshot } from '@doorbuster/contracts';

/** Five minutes, at one a second. */
export const HISTORY_MAX = 300;

/** What the charts show of a snapshot; all the rest of it is news only, and would fill the memory. */
export interface Moment {
  /** Seconds since 1970. */
  at: number;
  acceptedPerS: number;
  confirmedPerS: number;
  cancelledPerS: number;
  shedPerS: number;
  confirmMs: ControlSnapshot['confirmMs'];
  openOrders: number;
  lag: ControlSnapshot['lag'];
  outboxAgeMs: number;
  service: Used;
  server: Used;
}

/** What all instances of a kind use together; null where nobody could say. */
interface Used {
  cpuPercent: number | null;
  memoryBytes: number | null;
}

/** The same for the charts. */
export const momentOf = (snapshot: ControlSnapshot): Moment => ({
  at: Date.parse(snapshot.at) / 1_000,
  acceptedPerS: snapshot.acceptedPerS,
  confirmedPerS: snapshot.confirmedPerS,
  cancelledPerS: snapshot.cancelledPerS,
  shedPerS: snapshot.shedPerS,
  confirmMs: snapshot.confirmMs,
  openOrders: snapshot.openOrders,
  lag: snapshot.lag,
  outboxAgeMs: snapshot.outboxAgeMs,
  service: usedBy(snapshot, 'service'),
  server: usedBy(snapshot, 'server'),
});

function usedBy({ services }: ControlSnapshot, kind: ControlService['kind']): Used {
  const instances = services.filter((service) => service.kind === kind).flatMap((one) => one.instances);
  return {
    cpuPercent: sumOf(instances.map(({ cpuPercent }) => cpuPercent)),
    memoryBytes: sumOf(instances.map(({ memoryBytes }) => memoryBytes)),
  };
}

function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** The history with one more second. What came before is never told again, also not after the connection was lost. */
export function withNext(history: readonly Moment[], next: Moment): Moment[] {
  const last = history.at(-1);
  if (last !== undefined && last.at >= next.at) return history.slice();
  return [...history.slice(-(HISTORY_MAX - 1)), next];
}

/**
 * What the gateway remembers, and before it what the page does. Another gateway looks at other moments of the same
 * seconds, so the two are never mixed.
 */
export function joined(mine: readonly Moment[], told: readonly Moment[]): Moment[] {
  const [first] = told;
  const before = first === undefined ? mine : mine.filter(({ at }) => at < first.at);
  return [...before, ...told].slice(-HISTORY_MAX);
}

/** A line of a chart: its number within a second, or null where there is none. */
export type Pick = (moment: Moment) => number | null;
export type Columns = [xs: number[], ...ys: (number | null)[][]];

/** A longer silence than this is a hole in the line, s. */
const holeS = 3.5;

/** Lines as a chart takes them: seconds since 1970, and a column of numbers for each line. */
export function columnsOf(history: readonly Moment[], picks: readonly Pick[]): Columns {
  const xs: number[] = [];
  const ys: (number | null)[][] = picks.map(() => []);
  for (const moment of history) {
    const last = xs.at(-1);
    if (last !== undefined && moment.at - last > holeS) {
      xs.push(last + 1);
      for (const column of ys) column.push(null);
    }
    xs.push(moment.at);
    for (const [n, pick] of picks.entries()) ys[n]?.push(pick(moment));
  }
  return [xs, ...ys];
}

/** The window of all charts: as long as there is something to see, and no longer than five minutes, s. */
const windowS = { least: 60, most: HISTORY_MAX };

/** From when to when the charts show something, s, that began and ended then; before it began, up to now. */
export function windowOf(first: number | undefined, last: number | undefined, now: number): [number, number] {
  if (first === undefined || last === undefined) return [now - windowS.least, now];
  return [Math.min(Math.max(first, last - windowS.most), last - windowS.least), last];
}

/** Who looks on sees no smaller step than this, px; to draw a chart costs more than all other news of a second. */
const stepPx = 6;

/** Whether a chart of this width that shows what came until `drawnUpTo`, s, would look different by now. */
export function hasMoved(
  history: readonly Moment[],
  drawnUpTo: number | undefined,
  widthPx: number,
): boolean {
  const last = history.at(-1)?.at;
  if (drawnUpTo === undefined || last === undefined) return true;
  const [from, to] = windowOf(history[0]?.at, last, last);
  return ((last - drawnUpTo) * widthPx) / (to - from) >= stepPx;
}
