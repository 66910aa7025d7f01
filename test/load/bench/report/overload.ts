import { count, sum } from '../../../audit/words.ts';
import type { StreamSeen } from '../client/messages.ts';
import type { OverloadPlan } from '../overload/plan.ts';
import type { OverloadRun, Storm } from '../overload/run.ts';
import { machine } from './report.ts';
import type { Table } from './table.ts';

/** What the shop promises about an overload. */
export const goals = {
  goodputPercentMin: 80,
  shedMsMax: 50,
  recoverySMax: 5,
  /** Against the rated load: memory that an overload takes has a limit. */
  memoryTimesMax: 1.5,
  /** Of those who order beside a greedy customer. */
  acceptedPercentMin: 99,
};

/** What one load came to. */
export interface LoadReport {
  offeredPerS: number;
  acceptedPerS: number;
  shedPerS: number;
  /** Confirmations that came while it lasted; the rest of what was accepted came later. */
  confirmedPerS: number;
  /** These, of those of the rated load. */
  goodputPercent: number;
  shedMs: { p50: number; p99: number };
  /** Neither accepted nor told when to come again, or never heard of again. */
  failed: number;
  /** Orders that the client was too busy to send: they are no evidence of anything. */
  notSent: number;
  confirmMs: { p50: number; p99: number };
  clientLateP99Ms: number;
  /** Orders of the whole phase that were given up because a step took longer than its deadline. */
  timedOut: number;
  /** Until orders of the rated load are confirmed as fast as before; null where they were not in the time given. */
  recoveryS: number | null;
  peakMiB: number;
}

/** What became of the orders of one kind of customer. */
export interface ShareReport {
  offeredPerS: number;
  acceptedPercent: number;
  confirmP99Ms: number;
}

/** A promise and what became of it. */
export interface Goal {
  name: string;
  goal: string;
  /** By load. */
  figures: Record<string, { figure: string; isReached: boolean }>;
}

/** What `npm run bench -- --overload --report FILE` holds. */
export interface OverloadReport {
  date: string;
  seed: number;
  machine: ReturnType<typeof machine>;
  plan: OverloadPlan;
  rated: LoadReport;
  loads: Record<string, LoadReport>;
  fairness: Record<'alone' | 'beside' | 'greedy', ShareReport>;
  goals: Goal[];
  /** FAIL where the auditor found anything: then no figure is a result. */
  verdict: 'PASS' | 'FAIL';
}

/** Puts together what the loads came to. Pure but for the machine and the date. */
export function summariseOverload(run: OverloadRun, plan: OverloadPlan, seed: number): OverloadReport {
  const before = streamOf(run.rated, 'rated');
  const reportOf = (storm: Storm) => loadReport(storm, before);
  const rated = reportOf(run.rated);
  const loads = Object.fromEntries(Object.entries(run.loads).map(([name, storm]) => [name, reportOf(storm)]));
  const { alone, beside } = run.fairness;
  const fairness = {
    alone: shareOf(streamOf(alone, 'others')),
    beside: shareOf(streamOf(beside, 'others')),
    greedy: shareOf(streamOf(beside, 'greedy')),
  };
  return {
    date: new Date().toISOString().slice(0, 10),
    seed,
    machine: machine(),
    plan,
    rated,
    loads,
    fairness,
    goals: [...loadGoals(loads, rated), fairGoal(fairness.beside)],
    verdict: run.verdict.holds ? 'PASS' : 'FAIL',
  };
}

function streamOf({ streams }: Storm, name: string): StreamSeen {
  const found = streams.find((stream) => stream.name === name);
  if (found === undefined) throw new Error(`No stream "${name}" was measured`);
  return found;
}

function loadReport(storm: Storm, before: StreamSeen): LoadReport {
  const after = storm.streams.find(({ name }) => name === 'after');
  const seen = streamOf(storm, after === undefined ? 'rated' : 'overload');
  const perS = (orders: number) => round(orders / seen.seconds);
  const confirmedPerS = perS(seen.confirmedMeanwhile);
  return {
    offeredPerS: perS(seen.offered),
    acceptedPerS: perS(seen.accepted),
    shedPerS: perS(seen.shed),
    confirmedPerS,
    goodputPercent: percent(
      seen.confirmedMeanwhile / seen.seconds,
      before.confirmedMeanwhile / before.seconds,
    ),
    shedMs: { p50: seen.shedMs.p50, p99: seen.shedMs.p99 },
    failed:
      storm.lost +
      sum(storm.streams, ({ shedSilently, rejected, unknown }) => shedSilently + rejected + unknown),
    notSent: sum(storm.streams, ({ notSent }) => notSent),
    confirmMs: { p50: seen.confirmMs.p50, p99: seen.confirmMs.p99 },
    clientLateP99Ms: seen.clientLateMs.p99,
    timedOut: sum(Object.entries(storm.cancelled), ([reason, orders]) =>
      reason.endsWith('-timed-out') ? orders : 0,
    ),
    recoveryS: after === undefined ? 0 : recoveryS(after, before.confirmMs.p99),
    peakMiB: storm.peakMiB,
  };
}

const slowerMax = 2;
/** So many good seconds in a row are a recovery; a single one may be luck. */
const goodSeconds = 3;

/**
 * After how many seconds of the rated load three in a row begin in which every order was confirmed, and 99 % of them in
 * at most twice the time of before; null where that did not come.
 */
export function recoveryS({ bySecond }: Pick<StreamSeen, 'bySecond'>, p99BeforeMs: number): number | null {
  const isGood = bySecond.map(
    ({ offered, confirmed, p99Ms }) => confirmed === offered && p99Ms <= slowerMax * p99BeforeMs,
  );
  const starts = isGood.findIndex((_, n) => {
    const row = isGood.slice(n, n + goodSeconds);
    return row.length === goodSeconds && row.every((good) => good);
  });
  return starts === -1 ? null : starts;
}

const shareOf = ({ offered, accepted, seconds, confirmMs }: StreamSeen): ShareReport => ({
  offeredPerS: round(offered / seconds),
  acceptedPercent: percent(accepted, Math.max(1, offered)),
  confirmP99Ms: confirmMs.p99,
});

function loadGoals(loads: OverloadReport['loads'], rated: LoadReport): Goal[] {
  const goal = (
    name: string,
    words: string,
    figure: (load: LoadReport) => string,
    isReached: (load: LoadReport) => boolean,
  ): Goal => ({
    name,
    goal: words,
    figures: Object.fromEntries(
      Object.entries(loads).map(([of, load]) => [of, { figure: figure(load), isReached: isReached(load) }]),
    ),
  });
  const { goodputPercentMin, shedMsMax, recoverySMax, memoryTimesMax } = goals;
  const memory = ({ peakMiB }: LoadReport) => peakMiB / rated.peakMiB;
  return [
    goal(
      'orders are confirmed as with the rated load',
      `≥ ${goodputPercentMin} %`,
      ({ goodputPercent }) => `${goodputPercent} %`,
      ({ goodputPercent }) => goodputPercent >= goodputPercentMin,
    ),
    goal(
      'who is shed knows it soon, p99',
      `< ${shedMsMax} ms`,
      ({ shedMs, shedPerS }) => (shedPerS === 0 ? 'nobody was' : `${shedMs.p99} ms`),
      ({ shedMs }) => shedMs.p99 < shedMsMax,
    ),
    goal(
      'who is not accepted is told when to come again, all but',
      '0',
      ({ failed }) => count(failed),
      ({ failed }) => failed === 0,
    ),
    goal(
      'what is accepted keeps its deadlines, all but',
      '0',
      ({ timedOut }) => count(timedOut),
      ({ timedOut }) => timedOut === 0,
    ),
    goal(
      'afterwards all is as before within',
      `≤ ${recoverySMax} s`,
      ({ recoveryS }) => (recoveryS === null ? 'not seen' : `${recoveryS} s`),
      ({ recoveryS }) => recoveryS !== null && recoveryS <= recoverySMax,
    ),
    goal(
      'memory, against the rated load',
      `≤ ${memoryTimesMax} ×`,
      (load) => `${memory(load).toFixed(2)} ×`,
      (load) => memory(load) <= memoryTimesMax,
    ),
  ];
}

const fairGoal = ({ acceptedPercent }: ShareReport): Goal => ({
  name: 'beside a greedy customer the others’ orders are accepted',
  goal: `≥ ${goals.acceptedPercentMin} %`,
  figures: {
    'a greedy customer': {
      figure: `${acceptedPercent} %`,
      isReached: acceptedPercent >= goals.acceptedPercentMin,
    },
  },
});

const round = (value: number): number => Number(value.toFixed(1));

/** Rounded down: what is missed by little is missed. */
const percent = (part: number, of: number): number => Math.floor((1_000 * part) / of) / 10;

/** The tables, for a terminal and for docs/overload.md. */
export const overloadTables = (report: OverloadReport): Record<'goals' | 'loads' | 'fairness', Table> => ({
  goals: goalTable(report.goals),
  loads: {
    title: 'Loads',
    head: [
      '',
      'offered/s',
      'accepted/s',
      'shed/s',
      'failed',
      'not sent',
      'shed p50 ms',
      'p99 ms',
      'confirmed/s',
      'p50 ms',
      'p99 ms',
      'timed out',
      'MiB',
      'client late p99 ms',
    ],
    rows: Object.entries({ 'the rated load': report.rated, ...report.loads }).map(([name, load]) =>
      loadRow(name, load),
    ),
  },
  fairness: {
    title: 'A hundred customers without and with a greedy one',
    head: ['', 'offered/s', 'accepted', 'confirmed p99 ms'],
    rows: [
      ['the others, by themselves', ...shareCells(report.fairness.alone)],
      ['the others, beside the greedy one', ...shareCells(report.fairness.beside)],
      ['the greedy one', ...shareCells(report.fairness.greedy)],
    ],
  },
});

function goalTable(goals: readonly Goal[]): Table {
  const columns = [...new Set(goals.flatMap(({ figures }) => Object.keys(figures)))];
  const cellOf = ({ figures }: Goal, column: string): string => {
    const of = figures[column];
    return of === undefined ? '' : `${of.figure}, ${of.isReached ? 'reached' : '**missed**'}`;
  };
  return {
    title: 'Goals',
    head: ['', 'goal', ...columns],
    rows: goals.map((goal) => [goal.name, goal.goal, ...columns.map((column) => cellOf(goal, column))]),
  };
}

const loadRow = (name: string, load: LoadReport): string[] => [
  name,
  count(load.offeredPerS),
  count(load.acceptedPerS),
  count(load.shedPerS),
  count(load.failed),
  count(load.notSent),
  ms(load.shedMs.p50),
  ms(load.shedMs.p99),
  count(load.confirmedPerS),
  ms(load.confirmMs.p50),
  ms(load.confirmMs.p99),
  count(load.timedOut),
  count(load.peakMiB),
  ms(load.clientLateP99Ms),
];

const shareCells = ({ offeredPerS, acceptedPercent, confirmP99Ms }: ShareReport): string[] => [
  count(offeredPerS),
  `${acceptedPercent} %`,
  ms(confirmP99Ms),
];

const ms = (value: number): string => (value < 100 ? value.toFixed(1) : count(value));
