import type { ControlService, ControlSnapshot } from '@doorbuster/contracts';

/** Five minutes, at one a second. */
export const HISTORY_MAX = 300;

/** The history with one more second. What came before is never told again, also not after the connection was lost. */
export function withNext(history: readonly ControlSnapshot[], next: ControlSnapshot): ControlSnapshot[] {
  const last = history.at(-1);
  if (last !== undefined && last.at >= next.at) return history.slice();
  return [...history.slice(-(HISTORY_MAX - 1)), next];
}

/**
 * What the gateway remembers, and before it what the page does. Another gateway looks at other moments of the same
 * seconds, so the two are never mixed.
 */
export function joined(
  mine: readonly ControlSnapshot[],
  told: readonly ControlSnapshot[],
): ControlSnapshot[] {
  const [first] = told;
  const before = first === undefined ? mine : mine.filter(({ at }) => at < first.at);
  return [...before, ...told].slice(-HISTORY_MAX);
}

/** A line of a chart: its number within a second, or null where there is none. */
export type Pick = (snapshot: ControlSnapshot) => number | null;
export type Columns = [xs: number[], ...ys: (number | null)[][]];

/** A longer silence than this is a hole in the line, s. */
const holeS = 3.5;

/** Lines as a chart takes them: seconds since 1970, and a column of numbers for each line. */
export function columnsOf(history: readonly ControlSnapshot[], picks: readonly Pick[]): Columns {
  const xs: number[] = [];
  const ys: (number | null)[][] = picks.map(() => []);
  for (const snapshot of history) {
    const x = Date.parse(snapshot.at) / 1_000;
    const last = xs.at(-1);
    if (last !== undefined && x - last > holeS) {
      xs.push(last + 1);
      for (const column of ys) column.push(null);
    }
    xs.push(x);
    for (const [n, pick] of picks.entries()) ys[n]?.push(pick(snapshot));
  }
  return [xs, ...ys];
}

/** What all instances of this kind use together, or null where nobody could say. */
export function usedBy(
  snapshot: ControlSnapshot,
  kind: ControlService['kind'],
  of: 'cpuPercent' | 'memoryBytes',
): number | null {
  const values = snapshot.services
    .filter((service) => service.kind === kind)
    .flatMap(({ instances }) => instances.map((instance) => instance[of]))
    .filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}
