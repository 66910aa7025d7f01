// Breaks: nothing that ought to; instances are stopped as at a deployment. How: SIGTERM under load, one instance after the
// other. Must hold: no 5xx but shedding, no lost answer, and each has ended within 10 s.
import type { FaultCase } from '../case.ts';
import { scaled } from '../harness/bench.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

export const sigterm: FaultCase = {
  id: '35',
  title: 'SIGTERM under load',
  breaks: 'one instance of each service, in turn',
  how: 'SIGTERM at the peak, then a new start',
  holds: [...everything, 'no 5xx, no lost answer', 'each ends within 10 s'],
  async run(context) {
    const { supervisor } = context.bench.shop;
    const tookMs: number[] = [];
    const deploy = async (name: string) => {
      const beganAt = performance.now();
      await supervisor.stop(name);
      tookMs.push(performance.now() - beganAt);
      await supervisor.start(name);
    };
    const schedule = scaled.map((service, n) => ({
      what: `${service}-1 is deployed`,
      atMs: 1_000 + n * 3_000,
      do: () => deploy(`${service}-1`),
    }));
    const { evidence, statuses } = await breakUnderLoad(context, { schedule, seconds: 14, ratePerS: 40 });
    const bad = [...statuses].filter(([status]) => status === 0 || (status >= 500 && status !== 503));
    must(bad.length === 0, `answers: ${bad.map(([status, times]) => `${times} × ${status}`).join(', ')}`);
    const longest = Math.max(...tookMs);
    must(longest < 10_000, `an instance took ${longest} ms to end`);
    return { evidence: `each ended within ${(longest / 1_000).toFixed(1)} s; ${evidence}` };
  },
};
