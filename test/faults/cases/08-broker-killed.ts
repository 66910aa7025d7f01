// Breaks: the only broker. How: SIGKILL, and it stays away for 35 s. Must hold: I4, I7: what was accepted waits in the
// outbox; the door takes no more when that gets old.
import type { FaultCase } from '../case.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

export const brokerKilled: FaultCase = {
  id: '8',
  title: 'broker killed for 35 s',
  breaks: 'the only broker',
  how: 'SIGKILL, started again 35 s later',
  holds: everything,
  async run(context) {
    const { bench } = context;
    const schedule = [
      {
        what: 'the broker is gone',
        atMs: 2_000,
        do: () => bench.killForGood('kafka'),
        forMs: 35_000,
        undo: () => bench.shop.supervisor.start('kafka'),
      },
    ];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 30, ratePerS: 10 });
    return { evidence };
  },
};
