// Breaks: a relay between publishing and deleting from the outbox. How: the broker's answer is held back, and the process
// that waits for it gets SIGKILL. Must hold: I2, I6, I7: everything is sent again, and recognised.
import type { FaultCase } from '../case.ts';
import { soon } from '../harness/ask.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';
import { Api } from '../proxies/frames.ts';

export const diesAfterPublish: FaultCase = {
  id: '2',
  title: 'dies between publishing and marking the outbox',
  breaks: 'the relay of order, inventory and payment, in turn',
  how: 'the produce response is held back by the frame proxy, then SIGKILL',
  holds: everything,
  async run(context) {
    const { shop, links } = context.bench;
    const killed: string[] = [];
    const kill = async (client: string) => {
      const [frames] = links.frames;
      if (frames === undefined) throw new Error('There is no broker');
      const fault = { apiKey: Api.produce, client, lose: 'response', how: 'silence' } as const;
      const name = await soon(frames.loseNext(fault), `a lost response to ${client}`);
      await shop.supervisor.kill(name);
      killed.push(name);
    };
    const schedule = ['order', 'inventory', 'payment'].map((service, n) => ({
      what: `the death of ${service} after it published`,
      atMs: 1_000 + n * 2_000,
      do: () => kill(service),
    }));
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 9 });
    return { evidence: `killed ${killed.join(', ')}; ${evidence}` };
  },
};
