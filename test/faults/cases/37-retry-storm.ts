// Breaks: one instance of order, for 5 s, while clients read and order. How: SIGSTOP: it takes connections and says nothing.
// Must hold: the door's retries stay a tenth of its requests.
import type { FaultCase } from '../case.ts';
import { seenByDoor } from '../harness/ask.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const readers = 8;

export const retryStorm: FaultCase = {
  id: '37',
  title: 'retry storm',
  breaks: 'one of two instances of order, for 5 s',
  how: 'SIGSTOP, while 8 clients read one page after the other; in full it is measured by itself',
  holds: [...everything, 'retries ≤ 10 % of requests'],
  async run(context) {
    const { bench, signal } = context;
    const { shop } = bench;
    const before = await seenByDoor(bench, 'order');
    let isOver = false;
    const read = async () => {
      while (!isOver && !signal.aborted) {
        const response = await fetch(`${shop.info.gateway}/products?limit=10`).catch(() => undefined);
        await response?.text().catch(() => undefined);
      }
    };
    const reading = Promise.all(Array.from({ length: readers }, read));
    const schedule = [
      {
        what: 'order-1 says nothing',
        atMs: 2_000,
        do: () => shop.supervisor.pause('order-1'),
        forMs: 5_000,
        undo: () => shop.supervisor.resume('order-1'),
      },
    ];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 9 }).finally(() => {
      isOver = true;
    });
    await reading;
    const after = await seenByDoor(bench, 'order');
    const [requests, retries] = [after.requests - before.requests, after.retries - before.retries];
    must(retries <= requests / 10, `${retries} retries of ${requests} requests`);
    return { evidence: `${retries} retries of ${requests} requests; ${evidence}` };
  },
};
