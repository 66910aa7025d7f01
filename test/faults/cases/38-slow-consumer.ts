// Breaks: the speed of inventory. How: every answer of its database comes 100 ms later, so a batch takes 200 ms more. Must
// hold: the lag drains, and no member leaves its group because of it.
import { membersOf } from '../../../libs/messaging/test/brokers.ts';
import { watchBacklog } from '../../load/drain.ts';
import type { FaultCase } from '../case.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

export const slowConsumer: FaultCase = {
  id: '38',
  title: 'slow consumer',
  breaks: 'the speed of both instances of inventory, for 12 s',
  how: '100 ms of delay each way on the link to its database',
  holds: [...everything, 'it drains', 'no member rejoins'],
  async run(context) {
    const { links, shop } = context.bench;
    const { kafka } = shop.info;
    const before = await membersOf(kafka, 'inventory');
    const watch = await watchBacklog(shop.info);
    let lag = 0;
    const schedule = [
      {
        what: 'inventory is slow',
        atMs: 500,
        do: () => links.postgres.inventory.break({ delayMs: 100 }),
        forMs: 12_000,
        undo: async () => {
          lag = await watch.lag();
          links.postgres.inventory.heal();
        },
      },
    ];
    const options = { schedule, seconds: 12, ratePerS: 60 };
    const { evidence } = await breakUnderLoad(context, options).finally(watch.close);
    const after = await membersOf(kafka, 'inventory');
    must(String(before) === String(after), `the members were ${before} and are ${after}`);
    return { evidence: `${lag} messages behind at the end of it; ${evidence}` };
  },
};
