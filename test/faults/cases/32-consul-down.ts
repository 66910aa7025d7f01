// Breaks: the registry, which comes back empty. How: SIGKILL, for 60 s. Must hold: the door goes on with what it knew last,
// and every instance registers again.
import { eventually } from '../../support/eventually.ts';
import type { FaultCase } from '../case.ts';
import { inConsul } from '../harness/ask.ts';
import { scaled } from '../harness/bench.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const awayMs = 60_000;

export const consulDown: FaultCase = {
  id: '32',
  title: 'Consul down for 60 s',
  breaks: 'the registry, which forgets everything',
  how: 'SIGKILL, started again 60 s later',
  holds: [...everything, 'every order is accepted', 'all instances register again'],
  async run(context) {
    const { bench } = context;
    const schedule = [
      {
        what: 'Consul is gone',
        atMs: 1_000,
        do: () => bench.killForGood('consul'),
        forMs: awayMs,
        undo: () => bench.shop.supervisor.start('consul'),
      },
    ];
    const { evidence, tally } = await breakUnderLoad(context, { schedule, seconds: 60, ratePerS: 8 });
    const { offered, accepted } = tally.counts;
    must(accepted === offered, `${offered - accepted} orders were not accepted`);
    await eventually('all are registered again', async () => {
      const found = await Promise.all(scaled.map((service) => inConsul(bench, service)));
      return found.every((instances, n) => instances.length === bench.instancesOf(scaled[n] ?? '').length);
    });
    return { evidence };
  },
};
