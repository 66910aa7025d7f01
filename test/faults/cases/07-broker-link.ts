// Breaks: the link between all services and the broker. How: cut, then half-open, then a black hole, by the TCP proxy.
// Must hold: I1, I4, and services without a broker say that they are not ready, and later that they are.
import { eventually } from '../../support/eventually.ts';
import type { FaultCase } from '../case.ts';
import { isReady } from '../harness/ask.ts';
import { scaled } from '../harness/bench.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

export const brokerLink: FaultCase = {
  id: '7',
  title: 'broker link cut or half-open',
  breaks: 'the link of all services to the broker',
  how: 'cut until readiness turns, half-open for 8 s, a black hole for 8 s',
  holds: [...everything, 'readiness turns, and turns back'],
  async run(context) {
    const { bench } = context;
    const [link] = bench.links.kafka;
    if (link === undefined) throw new Error('There is no broker');
    const firsts = scaled.map((service) => `${service}-1`);
    const say = async (wanted: boolean) => {
      const answers = await Promise.all(firsts.map((name) => isReady(bench, name)));
      return answers.every((answer) => answer === wanted);
    };
    let turnedMs = 0;
    const cut = async () => {
      const beganAt = performance.now();
      link.break({ kind: 'cut' });
      await eventually('all say that they are not ready', () => say(false), 25_000);
      turnedMs = performance.now() - beganAt;
      link.heal();
      await eventually('all say that they are ready', () => say(true), 25_000);
      link.break({ kind: 'half-open' });
    };
    const hole = () => link.break({ kind: 'black hole' });
    const schedule = [
      { what: 'the link is cut, then half-open', atMs: 1_000, do: cut, forMs: 8_000, undo: link.heal },
      { what: 'the link is a black hole', atMs: 33_000, do: hole, forMs: 8_000, undo: link.heal },
    ];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 40, ratePerS: 8 });
    return { evidence: `not ready ${(turnedMs / 1_000).toFixed(1)} s after the cut; ${evidence}` };
  },
};
