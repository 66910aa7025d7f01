// Breaks: what a relay knows of its messages. How: the frame proxy loses the broker's answer to a produce request, with
// its connection or in silence. Must hold: I1, I7: the relay does not know and sends again; nobody handles it twice.
import type { FaultCase } from '../case.ts';
import { soon } from '../harness/ask.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';
import { Api } from '../proxies/frames.ts';

export const produceResponseLost: FaultCase = {
  id: '6',
  title: 'the response to a produce is lost',
  breaks: 'the relay of order, inventory and payment: five times each with the connection, once in silence',
  how: 'the frame proxy loses the response after the broker has written the records',
  holds: everything,
  async run(context) {
    const { links } = context.bench;
    const lose = async (client: string, how: 'cut' | 'silence') => {
      const [frames] = links.frames;
      if (frames === undefined) throw new Error('There is no broker');
      const fault = { apiKey: Api.produce, client, lose: 'response', how } as const;
      await soon(frames.loseNext(fault), `a lost response to ${client}`);
    };
    const schedule = ['order', 'inventory', 'payment'].flatMap((service, n) =>
      ['cut', 'cut', 'cut', 'cut', 'cut', 'silence'].map((how, i) => ({
        what: `a response to ${service} is lost (${how})`,
        atMs: 500 + n * 200 + i * 900,
        do: () => lose(service, how === 'cut' ? 'cut' : 'silence'),
      })),
    );
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 12 });
    return { evidence: `${schedule.length} responses lost; ${evidence}` };
  },
};
