import { measureMessaging } from './messaging-alone.ts';
import type { BenchOptions } from './options.ts';
import { type BenchReport, type Results, summarise } from './report/report.ts';
import { type RunContext, runSide, type SideRun } from './run-side.ts';
import { starts, variants } from './variants.ts';

/**
 * Runs shop and monolith in turn, each from a fresh start with nothing of the other there, then what is reported
 * apart. An audit that finds anything ends it: there is no speed to be told of.
 */
export async function runBench(
  { plan, seed, sides, withVariants }: Pick<BenchOptions, 'plan' | 'seed' | 'sides' | 'withVariants'>,
  context: RunContext,
): Promise<BenchReport> {
  const results: Results = { plan, seed, runs: { shop: [], monolith: [] }, variants: {}, messaging: null };
  const isGood = ({ verdict }: SideRun) => verdict.holds;
  for (let n = 1; n <= plan.alternations; n++) {
    for (const side of sides) {
      context.say(`${side}, ${n} of ${plan.alternations}: starting`);
      const run = await runSide(starts[side], plan, context);
      results.runs[side].push(run);
      if (!isGood(run)) return summarise(results);
    }
  }
  const apart = Object.entries(variants).filter(([, { side }]) => withVariants && sides.includes(side));
  for (const [name, { side, start }] of apart) {
    context.say(`${name}: starting`);
    const openOrders = side === 'shop' ? [plan.barAt] : plan.openOrders;
    const run = await runSide(start, { ...plan, openOrders, openLoads: [] }, context);
    results.variants[name] = { side, run };
    if (!isGood(run)) return summarise(results);
  }
  if (withVariants) {
    context.say('the messaging library alone: starting');
    results.messaging = await measureMessaging(plan.times.windowMs, context.signal);
  }
  return summarise(results);
}
