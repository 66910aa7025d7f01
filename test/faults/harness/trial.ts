import { setTimeout as pause } from 'node:timers/promises';
import { audit } from '../../audit/audit.ts';
import type { Report } from '../../audit/report.ts';
import { clientsFileOf, sourcesOf } from '../../audit/sources.ts';
import { count } from '../../audit/words.ts';
import { createClient } from '../../load/client.ts';
import { arrivals } from '../../load/curve.ts';
import { drain, watchBacklog } from '../../load/drain.ts';
import { createGenerator } from '../../load/generator.ts';
import { type History, writeHistory } from '../../load/history.ts';
import { type ClientOrder, drawOrders } from '../../load/orders.ts';
import { latenciesOf } from '../../load/percentiles.ts';
import { mulberry32 } from '../../load/random.ts';
import { createTally, type Tally } from '../../load/tally.ts';
import type { FaultContext } from '../case.ts';
import { goods } from './goods.ts';
import { watchSafety } from './safety-watch.ts';
import { type Fault, play } from './schedule.ts';

export interface TrialOptions {
  /** What goes wrong, and when. */
  schedule: readonly Fault[];
  /** How long orders come; the faults may last longer. */
  seconds?: number;
  ratePerS?: number;
  /** What a drawn order becomes before it is sent. */
  alter?(order: ClientOrder, n: number): ClientOrder;
  /** Looks at the shop when it is mended and quiet, before the verdict. */
  afterwards?(): Promise<void>;
}

export interface Trial {
  tally: Tally;
  report: Report;
  /** How often each status was answered, retries and replays too; 0 stands for no answer. */
  statuses: Map<number, number>;
  /** From the moment when all was mended to the moment when nothing was under way any more. */
  quietMs: number;
  /** The ids of the orders that were accepted, in that order. */
  accepted: string[];
  /** The figures, as a sentence. */
  evidence: string;
}

/** Every saga is over so long after the fault is mended: I4. */
const quietLimitMs = 60_000;

/**
 * Sends orders at a steady rate, without waiting for answers, while the schedule is played; mends everything, waits until
 * nothing is under way, and asks the auditor.
 * @throws when an invariant does not hold, now or while it lasted
 */
export async function breakUnderLoad(
  { bench, seed, signal }: FaultContext,
  { schedule, seconds = 8, ratePerS = 25, alter = (order) => order, afterwards }: TrialOptions,
): Promise<Trial> {
  const { info } = bench.shop;
  const tally = createTally();
  const accepted: string[] = [];
  const statuses = new Map<number, number>();
  const written = await writeHistory(clientsFileOf(info.runDir));
  const history: History = {
    ...written,
    add(order, answer) {
      const status = answer.status ?? 0;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      written.add(order, answer);
    },
  };
  const client = createClient(info.gateway);
  const random = mulberry32(seed);
  const orders = drawOrders({ run: `trial-${seed}`, baskets: await goods(), declinesPercent: 3, random });
  const onAccepted = (orderId: string) => void accepted.push(orderId);
  const generator = createGenerator({ client, history, tally, onAccepted, signal });
  const safety = watchSafety(info);
  const moments = arrivals({ seconds, basePerS: ratePerS, peakPerS: ratePerS }, random);
  let n = 0;
  try {
    try {
      const draw = () => alter(orders.next({ lateCards: false }), n++);
      // A fault that cannot be played must not leave a load behind that goes on.
      const ran = await Promise.allSettled([generator.run(moments, draw), play(schedule, signal)]);
      for (const one of ran) if (one.status === 'rejected') throw one.reason;
    } finally {
      await bench.heal();
      await generator.idle();
      await Promise.all([history.close(), client.close()]);
    }
    const quietMs = await quiet(info, signal);
    await afterwards?.();
    const { findings, looks } = await safety.stop();
    const report = await audit(sourcesOf(info));
    const evidence = evidenceOf(tally, report, quietMs, looks);
    refuse([...findings, ...complaintsOf(report)], evidence);
    return { tally, report, statuses, quietMs, accepted, evidence };
  } finally {
    await safety.stop();
  }
}

/** Waits until nothing is under way; gives how long that took. @throws when it takes longer than it may */
export async function quiet(info: FaultContext['bench']['shop']['info'], signal: AbortSignal) {
  const beganAt = performance.now();
  const watch = await watchBacklog(info);
  try {
    if (await drain(watch, quietLimitMs, signal)) return performance.now() - beganAt;
    const left = await watch.look();
    const why = `${left.openOrders} orders open, ${left.unsent} unsent, ${left.lag} unread`;
    throw new Error(`Not quiet ${quietLimitMs / 1_000} s after all was mended: ${why}`);
  } finally {
    await watch.close();
  }
}

const complaintsOf = ({ invariants, isQuiet }: Report): string[] => [
  ...invariants.flatMap(({ id, findings }) => findings.map((finding) => `${id}: ${finding}`)),
  ...(isQuiet ? [] : ['The shop was not quiet when the books were read']),
];

const shownMax = 4;

function refuse(complaints: string[], evidence: string): void {
  if (complaints.length === 0) return;
  const more = complaints.length > shownMax ? `; and ${complaints.length - shownMax} more` : '';
  throw new Error(`${complaints.slice(0, shownMax).join('; ')}${more} (${evidence})`);
}

function evidenceOf({ counts, acceptMs }: Tally, report: Report, quietMs: number, looks: number): string {
  const { offered, accepted, shed, rejected, unknown, notSent } = counts;
  const others = [
    [shed, 'shed'],
    [rejected, 'rejected'],
    [unknown, 'unknown'],
    [notSent, 'not sent'],
  ].flatMap(([number, what]) => (number === 0 ? [] : `, ${number} ${what}`));
  const stopped = report.duplicatesStopped.byInbox + report.duplicatesStopped.byBusinessKeys;
  return (
    `${count(accepted)} of ${count(offered)} orders accepted${others.join('')}, p99 ${count(latenciesOf(acceptMs).p99)} ms; ` +
    `quiet ${(quietMs / 1_000).toFixed(1)} s after; ${count(stopped)} duplicates stopped so far; ` +
    `judged ${looks} times meanwhile`
  );
}

/** Waits, for what has no condition to wait for: that something stays as it is. */
export const last = (ms: number, signal: AbortSignal): Promise<void> => pause(ms, undefined, { signal });

/** @throws when what must be so is not */
export function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}
