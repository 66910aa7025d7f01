import { mulberry32, type Random, wholeBetween } from '../../load/random.ts';
import type { FaultCase } from '../case.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';
import { type Crash, crash } from './crash.ts';
import { type CrashPoint, chosen, matrix } from './matrix.ts';

const passingsMax = 25;
/** Offsets are committed about once a second, everything else many times. */
const offsetPassingsMax = 3;
const crashAtMs = 500;

/** A crash at each border of each service, one after the other. */
export const crashPoints: readonly FaultCase[] = matrix.map(caseOf);

/** Those of them that `npm test` runs. */
export const chosenCrashPoints: readonly FaultCase[] = chosen.map(caseOf);

function caseOf(point: CrashPoint): FaultCase {
  return {
    id: `c-${point.service}-${point.failpoint}`,
    title: titleOf(point),
    breaks: point.service,
    how: 'SIGKILL of itself at a failpoint, at the passing that the seed draws; the supervisor starts it again',
    holds: everything,
    bench: 'failpoints',
    async run(context) {
      const drawn = draw(point, mulberry32(context.seed));
      const schedule = [{ what: titleOf(point), atMs: crashAtMs, do: () => crash(context.bench, drawn) }];
      const { evidence } = await breakUnderLoad(context, { schedule, seconds: 6 });
      return { evidence: `at passing ${drawn.passings}; ${evidence}` };
    },
  };
}

function titleOf({ service, failpoint }: CrashPoint): string {
  return `${service} dies ${failpoint.replace('-', ' ')}`;
}

function draw({ service, failpoint }: CrashPoint, random: Random): Crash {
  const max = failpoint.endsWith('-offsets') ? offsetPassingsMax : passingsMax;
  return { service, instance: `${service}-1`, failpoint, passings: wholeBetween(random, 1, max) };
}
