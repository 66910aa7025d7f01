// Breaks: every service of ours, the acquirer, the mailbox and the door. How: SIGKILL, at moments that the seed draws.
// Must hold: I1 to I8.
import { mulberry32 } from '../../load/random.ts';
import type { FaultCase } from '../case.ts';
import { shuffled } from '../harness/records.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const victims = ['order-1', 'order-2', 'inventory-1', 'payment-1', 'payment-2', 'notification-1'];
const outside = ['acquirer-1', 'mailbox-1', 'gateway-1'];

export const serviceDies: FaultCase = {
  id: '1',
  title: 'a service dies anywhere',
  breaks: 'each of nine processes, once',
  how: 'SIGKILL at random moments; the supervisor starts it again',
  holds: everything,
  async run(context) {
    const { supervisor } = context.bench.shop;
    const random = mulberry32(context.seed + 1);
    const schedule = shuffled([...victims, ...outside], random).map((name, n) => ({
      what: `the death of ${name}`,
      atMs: 500 + n * 1_000 + random() * 900,
      do: () => supervisor.kill(name),
    }));
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 11 });
    return { evidence: `${schedule.length} kills; ${evidence}` };
  },
};
