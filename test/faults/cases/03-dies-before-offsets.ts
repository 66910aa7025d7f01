// Breaks: a consumer between its database commit and its offset commit. How: the offset commit is lost on its way to the
// broker, and the process gets SIGKILL. Must hold: I2, I3: what is read again is recognised.
import type { FaultCase } from '../case.ts';
import { soon } from '../harness/ask.ts';
import { scaled } from '../harness/bench.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';
import { Api } from '../proxies/frames.ts';

export const diesBeforeOffsets: FaultCase = {
  id: '3',
  title: 'dies between database commit and offset commit',
  breaks: 'a consumer of each service, in turn',
  how: 'its offset commit is lost by the frame proxy, then SIGKILL',
  holds: everything,
  async run(context) {
    const { shop, links } = context.bench;
    const kill = async (client: string) => {
      const [frames] = links.frames;
      if (frames === undefined) throw new Error('There is no broker');
      const fault = { apiKey: Api.offsetCommit, client, lose: 'request', how: 'silence' } as const;
      await shop.supervisor.kill(await soon(frames.loseNext(fault), `a lost commit of ${client}`));
    };
    const schedule = scaled.map((service, n) => ({
      what: `the death of ${service} before its offsets`,
      atMs: 1_500 + n * 1_500,
      do: () => kill(service),
    }));
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 9 });
    return { evidence: `${schedule.length} kills; ${evidence}` };
  },
};
