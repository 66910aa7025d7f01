// Breaks: where traces and metrics go. How: a black hole, then SIGKILL for Jaeger, while every order asks to be traced.
// Must hold: orders are accepted as fast as before, and no process grows.

import type { ClientOrder } from '../../load/orders.ts';
import { latenciesOf } from '../../load/percentiles.ts';
import { hex, mulberry32 } from '../../load/random.ts';
import type { FaultCase } from '../case.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const grownMaxMb = 80;

export const telemetryDown: FaultCase = {
  id: '34',
  title: 'trace back end down or black-holed',
  breaks: 'where all services send traces and metrics',
  how: 'a black hole for 8 s, then Jaeger gone for 8 s; every order is traced',
  holds: [...everything, 'p99 stays flat', `no process grows by ${grownMaxMb} MB`],
  async run(context) {
    const { bench } = context;
    const { supervisor } = bench.shop;
    const random = mulberry32(context.seed + 2);
    const alter = (order: ClientOrder): ClientOrder => ({
      ...order,
      traceparent: `00-${hex(random, 32)}-${hex(random, 16)}-01`,
    });
    const sizes = () =>
      new Map(supervisor.list().map(({ name, rssBytes }) => [name, (rssBytes ?? 0) / 2 ** 20]));
    const options = { alter, ratePerS: 20 };
    const calm = await breakUnderLoad(context, { ...options, schedule: [], seconds: 8 });
    const before = sizes();
    let grown = 0;
    const schedule = [
      {
        what: 'a black hole for telemetry',
        atMs: 500,
        do: () => bench.links.otlp.break({ kind: 'black hole' }),
        forMs: 8_000,
        undo: bench.links.otlp.heal,
      },
      {
        what: 'Jaeger is gone',
        atMs: 9_000,
        do: () => bench.killForGood('jaeger'),
        forMs: 8_000,
        undo() {
          const after = sizes();
          const own = [...after].filter(([name]) => /-\d$/.test(name));
          grown = Math.max(...own.map(([name, size]) => size - (before.get(name) ?? size)));
          return supervisor.start('jaeger');
        },
      },
    ];
    const again = { ...context, seed: context.seed + 1 };
    const { evidence, tally } = await breakUnderLoad(again, { ...options, schedule, seconds: 17 });
    const [p99, usual] = [latenciesOf(tally.acceptMs).p99, latenciesOf(calm.tally.acceptMs).p99];
    must(p99 < 3 * usual + 100, `p99 was ${usual} ms and became ${p99} ms`);
    must(grown < grownMaxMb, `a process grew by ${Math.round(grown)} MB`);
    return { evidence: `p99 ${usual} ms before, grown by ${Math.round(grown)} MB at most; ${evidence}` };
  },
};
