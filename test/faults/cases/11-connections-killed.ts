// Breaks: the connections to the databases. How: pg_terminate_backend for all of them, every 300 ms, with pools of two.
// Must hold: all invariants, and no connection is left idle in a transaction.
import pg from 'pg';
import type { FaultCase } from '../case.ts';
import { count } from '../harness/ask.ts';
import { breakUnderLoad, last, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const terminate = `select count(pg_terminate_backend(pid)) from pg_stat_activity
                   where backend_type = 'client backend' and pid <> pg_backend_pid()`;
const idle = `select count(*) from pg_stat_activity
              where state like 'idle in transaction%' and now() - state_change > interval '2 s'`;

export const connectionsKilled: FaultCase = {
  id: '11',
  title: 'database connections killed, pool exhausted',
  breaks: 'all connections to all databases, 17 times; pools hold two',
  how: 'pg_terminate_backend',
  holds: [...everything, 'nothing idle in a transaction'],
  bench: 'tight',
  async run(context) {
    const { postgres } = context.bench.shop.info;
    let killed = 0;
    const killAll = async () => {
      const database = new pg.Client({ connectionString: postgres.order });
      await database.connect();
      try {
        for (let n = 0; n < 17; n++) {
          const { rows } = await database.query<{ count: string }>(terminate);
          killed += Number(rows[0]?.count ?? 0);
          await last(300, context.signal);
        }
      } finally {
        await database.end();
      }
    };
    const schedule = [{ what: 'connections are killed', atMs: 1_500, do: killAll }];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 8, ratePerS: 40 });
    const left = await count(postgres.order, idle);
    must(left === 0, `${left} connections are idle in a transaction`);
    return { evidence: `${killed} connections killed; ${evidence}` };
  },
};
