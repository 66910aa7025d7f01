// Breaks: all databases, in the middle of transactions and with calls to the acquirer under way. How: PostgreSQL's
// immediate shutdown (SIGQUIT), twice; it starts again. Must hold: I1 to I5, and all others.
import type { FaultCase } from '../case.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

export const databaseRestarts: FaultCase = {
  id: '10',
  title: 'database restarts in mid-transaction',
  breaks: 'PostgreSQL, with all databases',
  how: 'immediate shutdown by SIGQUIT, twice; it recovers from its log',
  holds: everything,
  async run(context) {
    const { shop } = context.bench;
    const quit = () => {
      const pid = shop.supervisor.list().find(({ name }) => name === 'postgres')?.pid;
      if (pid == null) throw new Error('PostgreSQL does not run');
      process.kill(pid, 'SIGQUIT');
    };
    const schedule = [2_000, 7_000].map((atMs) => ({ what: 'the database goes down', atMs, do: quit }));
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 11 });
    return { evidence };
  },
};
