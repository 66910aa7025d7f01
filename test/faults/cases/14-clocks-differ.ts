// Breaks: the clocks of the services. How: a preload shifts Date by hours, apart, and then the other way. Must hold: I4 and
// all others: what matters is timed by the database.
import type { FaultCase } from '../case.ts';
import { count } from '../harness/ask.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const hours = { order: 2, inventory: -2, payment: 1, notification: -1, gateway: -2, acquirer: 2 } as const;
/** An order bears the time of the instance that took it. */
const placedAhead = `select count(*) from orders where placed_at > now() + interval '1 h'`;

type Skewed = keyof typeof hours;
const services = Object.keys(hours) as Skewed[];

export const clocksDiffer: FaultCase = {
  id: '14',
  title: 'clocks differ',
  breaks: 'the clocks of six services',
  how: 'shifted by −2 to +2 h, then all the other way, then set right',
  holds: everything,
  async run(context) {
    const { bench } = context;
    const shift = (sign: 1 | -1) => () =>
      Promise.all(services.map((service) => bench.skew(service, sign * hours[service] * 3_600_000)));
    const schedule = [
      { what: 'clocks differ', atMs: 1_000, do: shift(1) },
      { what: 'clocks differ the other way', atMs: 5_000, do: shift(-1) },
    ];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 10 });
    const { order } = bench.shop.info.postgres;
    const ahead = await count(order, placedAhead);
    must(ahead > 0, 'no order was placed by a clock that was ahead');
    return { evidence: `${ahead} orders placed by a clock that was ahead; ${evidence}` };
  },
};
