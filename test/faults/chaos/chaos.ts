/**
 * `npm run chaos -- --minutes 10 --seed N`: random faults, one every few seconds, under load; the verdict at the end. When
 * it fails, the schedule is shrunk to a short one that still fails, and `--only` runs that one again.
 */
import { onTermination, runProgram, SetupError, showProgress } from '@doorbuster/stack';
import { openBench } from '../harness/bench.ts';
import { keepEvidence } from '../harness/keep-evidence.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { toFault } from './act.ts';
import { closeUp, describe, drawSchedule, type Step } from './draw.ts';
import { readChaosOptions } from './options.ts';
import { shrink } from './shrink.ts';

const ratePerS = 12;
/** Orders go on coming for so long after the last fault. */
const afterMs = 5_000;
const trialsMax = 25;

const ending = new AbortController();
onTermination(async (reason) => ending.abort(new SetupError(`Stopped by ${reason}.`)));
const { signal } = ending;

await runProgram(async () => {
  const { minutes, seed, only } = readChaosOptions(process.argv.slice(2));
  const drawn = drawSchedule(seed, minutes * 60_000);
  const steps = only === undefined ? drawn : closeUp(drawn.filter(({ n }) => only.includes(n)));
  console.log(`${steps.length} faults in ${minutes} min, seed ${seed}`);
  const failure = await run(steps, seed, true);
  if (failure === undefined) return;
  process.exitCode = 1;
  if (only !== undefined) return;
  console.log('Looking for fewer faults that still fail; this takes a while.');
  const fails = async (fewer: readonly Step[]) => {
    const why = await run(closeUp(fewer), seed, false);
    console.log(`  with ${fewer.map(({ n }) => n).join(',')}: ${why === undefined ? 'holds' : 'fails'}`);
    return why !== undefined;
  };
  const shortest = await shrink(steps, fails, trialsMax);
  console.log(closeUp(shortest).map(describe).join('\n'));
  const numbers = shortest.map(({ n }) => n).join(',');
  console.log(`npm run chaos -- --minutes ${minutes} --seed ${seed} --only ${numbers}`);
});

/** Runs the steps in a shop of their own; gives why that failed, or nothing where all held. */
async function run(steps: readonly Step[], seed: number, isTold: boolean): Promise<string | undefined> {
  const progress = showProgress();
  const bench = await openBench({ kind: 'pairs', progress, signal });
  progress.close();
  const schedule = steps.map((step) => {
    const fault = toFault(bench, step, seed);
    const act = () => {
      if (isTold) console.log(describe(step));
      return fault.do();
    };
    return { ...fault, do: act };
  });
  const overMs = Math.max(0, ...steps.map(({ atMs, forMs }) => atMs + forMs));
  try {
    const load = { schedule, seconds: (overMs + afterMs) / 1_000, ratePerS };
    const { evidence } = await breakUnderLoad({ bench, seed, signal }, load);
    if (isTold) console.log(`PASS  ${evidence}`);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    if (isTold) {
      const folder = await keepEvidence(bench.shop.info, 'chaos', error);
      console.log(`FAIL  ${why}; left behind: ${folder}`);
    }
    return why;
  } finally {
    await bench.stop();
  }
}
