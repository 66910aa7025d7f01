// Breaks: what a service knows of its commit. How: the link to its database breaks when the COMMIT has left and before its
// answer comes. Must hold: I1 and all others: what is run again finds its own rows.
import type { FaultCase } from '../case.ts';
import { scaled } from '../harness/bench.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const cutsEach = 15;

export const commitUnknown: FaultCase = {
  id: '12',
  title: 'commit outcome unknown',
  breaks: 'the answer to 15 commits of each service',
  how: 'the TCP proxy passes COMMIT on and resets the connection instead of the answer',
  holds: everything,
  async run(context) {
    const { links } = context.bench;
    const cuts = new Map<string, number>();
    const schedule = scaled.map((service, n) => ({
      what: `commits of ${service} get no answer`,
      atMs: 1_000 + n * 500,
      do: () =>
        links.postgres[service].tap((chunk) => {
          const before = cuts.get(service) ?? 0;
          if (before >= cutsEach || !chunk.includes('commit\0')) return false;
          cuts.set(service, before + 1);
          return true;
        }),
    }));
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 10 });
    for (const service of scaled)
      must(cuts.get(service) === cutsEach, `${service}: ${cuts.get(service)} commits were cut`);
    return { evidence: `${cutsEach * scaled.length} commits without an answer; ${evidence}` };
  },
};
