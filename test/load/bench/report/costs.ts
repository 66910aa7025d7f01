import { count } from '../../../audit/words.ts';
import type { Figures } from '../measure/figures.ts';
import type { Pair } from '../paired.ts';
import { median, rangeOf } from './medians.ts';
import { machine } from './report.ts';
import type { Table } from './table.ts';

interface Compared {
  ordersPerSecond: number;
  cpuSecondsPer1000Orders: number;
}

/** What one setting costs. */
export interface Cost {
  pairs: number;
  /** Medians of the windows. */
  base: Compared;
  changed: Compared;
  /** How much of the throughput it takes, in percent: the median over the pairs, and its quartiles. */
  throughputPercent: number;
  throughputQuartiles: [number, number];
  /** How much more processor time an order takes, in percent. */
  cpuPercent: number;
  cpuQuartiles: [number, number];
}

/** What `npm run bench -- --costs --report FILE` holds. */
export interface CostReport {
  date: string;
  machine: ReturnType<typeof machine>;
  windowS: number;
  settings: Record<string, Cost>;
}

/** Puts together what the pairs came to. Pure but for the machine and the date. */
export function summariseCosts(measured: Record<string, Pair[]>, windowMs: number): CostReport {
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    windowS: windowMs / 1_000,
    settings: Object.fromEntries(Object.entries(measured).map(([name, pairs]) => [name, costOf(pairs)])),
  };
}

/** Each window is compared with its neighbour only, since the machine is not the same all the time. */
export function costOf(pairs: readonly Pair[]): Cost {
  const throughput = pairs.map(
    ({ base, changed }) => 100 * (1 - changed.ordersPerSecond / base.ordersPerSecond),
  );
  const cpu = pairs.map(
    ({ base, changed }) => 100 * (changed.cpuSecondsPer1000Orders / base.cpuSecondsPer1000Orders - 1),
  );
  return {
    pairs: pairs.length,
    base: middleOf(pairs.map(({ base }) => base)),
    changed: middleOf(pairs.map(({ changed }) => changed)),
    throughputPercent: round(median(throughput)),
    throughputQuartiles: quartilesOf(throughput),
    cpuPercent: round(median(cpu)),
    cpuQuartiles: quartilesOf(cpu),
  };
}

const middleOf = (windows: Figures[]): Compared => ({
  ordersPerSecond: round(median(windows.map(({ ordersPerSecond }) => ordersPerSecond))),
  cpuSecondsPer1000Orders: median(windows.map(({ cpuSecondsPer1000Orders }) => cpuSecondsPer1000Orders)),
});

/** Between them lies the middle half of the values. */
function quartilesOf(values: readonly number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const outer = Math.floor(sorted.length / 4);
  const [low, high] = rangeOf(sorted.slice(outer, sorted.length - outer));
  return [round(low), round(high)];
}

const round = (value: number): number => Number(value.toFixed(1));

/** The table of the costs, for a terminal and for docs/performance.md. */
export const costTable = ({ settings }: Pick<CostReport, 'settings'>): Table => ({
  title: 'What a setting costs: two shops side by side, loaded in turns',
  head: [
    'setting',
    'orders/s without',
    'with',
    'throughput',
    'CPU-s per 1,000 without',
    'with',
    'CPU',
    'pairs',
  ],
  rows: Object.entries(settings).map(([name, cost]) => [
    name,
    count(cost.base.ordersPerSecond),
    count(cost.changed.ordersPerSecond),
    percent(-cost.throughputPercent, [-cost.throughputQuartiles[1], -cost.throughputQuartiles[0]]),
    cost.base.cpuSecondsPer1000Orders.toFixed(2),
    cost.changed.cpuSecondsPer1000Orders.toFixed(2),
    percent(cost.cpuPercent, cost.cpuQuartiles),
    count(cost.pairs),
  ]),
});

const percent = (middle: number, [low, high]: [number, number]): string =>
  `${signed(middle)} % (${signed(low)} to ${signed(high)})`;

const signed = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(1)}`;
