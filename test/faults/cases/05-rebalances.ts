// Breaks: the assignment of partitions, in the middle of transactions. How: instances leave and join, one every 2 s.
// Must hold: I2, I3, I8.
import type { FaultCase } from '../case.ts';
import { scaled } from '../harness/bench.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

export const rebalances: FaultCase = {
  id: '5',
  title: 'rebalance in mid-transaction',
  breaks: 'the assignment of every consumer group, twice',
  how: 'one instance of each service stops and starts, then the other, one every 2 s',
  holds: everything,
  async run(context) {
    const { supervisor } = context.bench.shop;
    // One after the other at each service: who comes back has to join before the next may go.
    const names = ['2', '1'].flatMap((n) => scaled.map((service) => `${service}-${n}`));
    const schedule = names.map((name, n) => ({
      what: `another ${name}`,
      atMs: 500 + n * 2_000,
      do: () => supervisor.restart(name),
    }));
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 17, ratePerS: 15 });
    return { evidence: `${schedule.length} leave and join; ${evidence}` };
  },
};
