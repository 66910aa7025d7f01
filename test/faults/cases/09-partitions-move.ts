// Breaks: where an order's messages are. How: of three brokers one dies, every partition's leader moves, and every topic
// gets four partitions more, so that the same order's later messages go elsewhere. Must hold: I8, and all others.
import { addPartitions, movePartitions } from '../../../libs/messaging/test/brokers.ts';
import type { FaultCase } from '../case.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

export const partitionsMove: FaultCase = {
  id: '9',
  title: 'partitions moved or added',
  breaks: 'the place of every message, with three brokers and three copies',
  how: 'admin client: leaders moved, 12 partitions made 16; one broker killed for 10 s',
  holds: everything,
  bench: 'brokers',
  async run(context) {
    const { bench } = context;
    const { kafka } = bench.shop.info;
    const schedule = [
      { what: 'partitions move', atMs: 2_000, do: () => movePartitions(kafka) },
      { what: 'partitions are added', atMs: 6_000, do: () => addPartitions(kafka, 16) },
      {
        what: 'a broker is gone',
        atMs: 10_000,
        do: () => bench.killForGood('kafka-2'),
        forMs: 10_000,
        undo: () => bench.shop.supervisor.start('kafka-2'),
      },
      // Whoever starts now knows of the new partitions, and writes to them.
      { what: 'order starts again', atMs: 8_000, do: () => bench.shop.supervisor.restart('order-1') },
    ];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 18, ratePerS: 15 });
    return { evidence };
  },
};
