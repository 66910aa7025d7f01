// Breaks: what the registry says. How: an instance of order and one of inventory get SIGKILL and stay away, without a word
// to Consul. Must hold: orders go to the others, and Consul forgets the dead.
import { eventually } from '../../support/eventually.ts';
import type { FaultCase } from '../case.ts';
import { inConsul } from '../harness/ask.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const dead = ['order-2', 'inventory-2'];
/** Consul takes an instance out when it has failed for a minute, and looks for such ones every half minute. */
const reapedMs = 120_000;

export const staleEntry: FaultCase = {
  id: '33',
  title: 'stale registry entry',
  breaks: 'what Consul says of order-2 and inventory-2',
  how: 'SIGKILL without deregistering; nobody starts them again',
  holds: [...everything, 'every order is accepted', 'the entries are passed over, then reaped'],
  async run(context) {
    const { bench } = context;
    const isNamed = async (which: '' | '?passing') => {
      const found = await Promise.all(
        ['order', 'inventory'].map((service) => inConsul(bench, service, which)),
      );
      return found.flat().some((name) => dead.includes(name));
    };
    let reapedS = 0;
    const watch = async () => {
      const beganAt = performance.now();
      await eventually('they are passed over', async () => !(await isNamed('?passing')), 10_000);
      await eventually('they are reaped', async () => !(await isNamed('')), reapedMs);
      reapedS = Math.round((performance.now() - beganAt) / 1_000);
    };
    const kill = async () => {
      await Promise.all(dead.map((name) => bench.killForGood(name)));
      await watch();
    };
    const schedule = [{ what: 'instances are gone', atMs: 1_000, do: kill }];
    const { evidence, tally } = await breakUnderLoad(context, { schedule, seconds: 10 });
    const { offered, accepted } = tally.counts;
    must(accepted === offered, `${offered - accepted} orders were not accepted`);
    return { evidence: `reaped after ${reapedS} s; ${evidence}` };
  },
};
