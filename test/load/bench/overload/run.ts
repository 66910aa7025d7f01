import type { StormSeen, Stream, StreamSeen } from '../client/messages.ts';
import type { Load } from '../load.ts';
import { withMemoryPeak } from '../measure/memory-peak.ts';
import { type RunContext, warmUp, withSide } from '../run-side.ts';
import { comparedShop, startShopSide } from '../sides/shop.ts';
import type { Side, SideOptions, Verdict } from '../sides/side.ts';
import { fairness, type OverloadPlan, overloads, ratedStreams } from './plan.ts';

/** What was measured of one load. */
export interface Storm extends StormSeen {
  /** Orders that were taken and could not be kept, by the reason. */
  cancelled: Record<string, number>;
  /** At the worst moment, of all processes of the shop. */
  peakMiB: number;
}

export interface OverloadRun {
  rated: Storm;
  loads: Record<string, Storm>;
  fairness: Record<'alone' | 'beside', Storm>;
  verdict: Verdict;
}

/** The whole shop, with the card network behind HTTP and e-mails that are sent: what waits there waits here, too. */
const startWholeShop = (options: SideOptions): Promise<Side> =>
  startShopSide(options, { ...comparedShop, acquirer: 'http', mail: 'smtp' });

/** Loads one shop with what it is there for and with much more, one after the other, and reads its books at the end. */
export async function runOverload(plan: OverloadPlan, context: RunContext): Promise<OverloadRun> {
  return withSide(startWholeShop, context, async (side, load) => {
    const run = async (name: string, streams: readonly Stream[]): Promise<Storm> => {
      context.signal.throwIfAborted();
      const storm = await measureStorm(side, load, streams);
      context.say(`${name}: ${storm.streams.map(line).join('; ')}`);
      return storm;
    };
    await warmUp(side, load, plan);
    const rated = await run('rated', ratedStreams(plan));
    const loads: OverloadRun['loads'] = {};
    for (const [name, streams] of Object.entries(overloads(plan))) loads[name] = await run(name, streams);
    const { alone, beside } = fairness(plan);
    const compared = {
      alone: await run('without the greedy customer', alone),
      beside: await run('beside the greedy customer', beside),
    };
    const verdict = await side.judge();
    context.say(verdict.holds ? 'PASS' : `FAIL\n${verdict.evidence}`);
    return { rated, loads, fairness: compared, verdict };
  });
}

/** Runs some streams and waits until nothing of them is under way any more. */
async function measureStorm(side: Side, load: Load, streams: readonly Stream[]): Promise<Storm> {
  const sinceMs = Date.now();
  const { result, peakMiB } = await withMemoryPeak(side.supervisor, () => load.storm(streams));
  await side.settle();
  return { ...result, cancelled: await side.cancelled(sinceMs), peakMiB };
}

const line = ({
  name,
  seconds,
  offered,
  accepted,
  shed,
  confirmedMeanwhile,
  confirmMs,
  shedMs,
}: StreamSeen) =>
  `${name}: ${perS(offered, seconds)}/s offered, ${perS(accepted, seconds)} accepted, ${perS(shed, seconds)} shed ` +
  `(p99 ${shedMs.p99} ms), ${perS(confirmedMeanwhile, seconds)} confirmed (p99 ${confirmMs.p99} ms)`;

const perS = (orders: number, seconds: number): number => Math.round(orders / seconds);
