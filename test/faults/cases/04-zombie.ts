// Breaks: one instance of order, inventory and payment, which come back when their peer has their work. How: SIGSTOP for
// longer than a session of the consumer group (6 s), then SIGCONT. Must hold: I2, I3: the database fences them; Consul
// names them no longer, and later again.
import { eventually } from '../../support/eventually.ts';
import type { FaultCase } from '../case.ts';
import { inConsul } from '../harness/ask.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const victims = ['inventory-1', 'payment-1', 'order-1'];
const forMs = 10_000;

export const zombie: FaultCase = {
  id: '4',
  title: 'zombie consumer',
  breaks: 'one of two instances of order, inventory and payment',
  how: 'SIGSTOP for 10 s, longer than its session of 6 s; SIGCONT',
  holds: [...everything, 'Consul passes them over, and names them again'],
  async run(context) {
    const { bench } = context;
    const { supervisor } = bench.shop;
    const areNamed = (wanted: boolean) => async () => {
      const named = await Promise.all(victims.map((name) => inConsul(bench, name.split('-')[0] ?? '')));
      return victims.every((name, n) => named[n]?.includes(name) === wanted);
    };
    const stops = victims.map((name, n) => ({
      what: `${name} stands still`,
      atMs: 1_000 + n * 1_000,
      do: () => supervisor.pause(name),
      forMs,
      undo: () => supervisor.resume(name),
    }));
    const passedOver = {
      what: 'Consul passes them over',
      atMs: 3_500,
      do: () => eventually('Consul names none of them', areNamed(false), 8_000),
    };
    const schedule = [...stops, passedOver];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 14 });
    await eventually('Consul names them again', areNamed(true));
    return { evidence };
  },
};
