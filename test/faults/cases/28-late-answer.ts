// Breaks: the moment at which the acquirer answers. How: its latency goes through the saga's deadline, from well before it
// to well after it, in steps of 40 ms. Must hold: one terminal state each, and a late capture is refunded (I5).
import type { FaultCase } from '../case.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

/** A step times out after 1.5 s, and deadlines are looked for every 250 ms. */
const latenciesMs = Array.from({ length: 14 }, (_, n) => 1_250 + n * 40);

export const lateAnswer: FaultCase = {
  id: '28',
  title: 'saga time-out races the late answer',
  breaks: 'the time of the acquirer’s answer',
  how: 'its latency rises from 1.25 s to 1.8 s, through the deadline of 1.5 s',
  holds: [...everything, 'some are confirmed, some time out'],
  bench: 'tight',
  async run(context) {
    const { bench } = context;
    const schedule = latenciesMs.map((latencyMs, n) => ({
      what: `a latency of ${latencyMs} ms`,
      atMs: n * 800,
      do: () => bench.knobs({ latencyMs }),
    }));
    const before = await breakUnderLoad(context, { schedule: [], seconds: 1 });
    const again = { ...context, seed: context.seed + 1 };
    const { evidence, report } = await breakUnderLoad(again, { schedule, seconds: 12, ratePerS: 20 });
    const confirmed = report.orders.confirmed - before.report.orders.confirmed;
    const cancelled = report.orders.cancelled - before.report.orders.cancelled;
    must(confirmed > 10 && cancelled > 20, `${confirmed} confirmed, ${cancelled} cancelled: no race`);
    return { evidence: `${confirmed} confirmed, ${cancelled} cancelled; ${evidence}` };
  },
};
