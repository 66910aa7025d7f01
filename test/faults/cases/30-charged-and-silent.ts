// Breaks: the acquirer's answers. How: it charges a third of the orders and never says so; later its link is half-open.
// Must hold: I2: payment asks by the key before it tries again.
import type { FaultCase } from '../case.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

export const chargedAndSilent: FaultCase = {
  id: '30',
  title: 'acquirer times out but has charged',
  breaks: 'the answers to a third of the charges, and the link to the acquirer',
  how: 'its knob lostAnswerPercent, and 3 s of a half-open link',
  holds: everything,
  async run(context) {
    const { knobs, links } = context.bench;
    const schedule = [
      { what: 'answers are lost', atMs: 0, do: () => knobs({ lostAnswerPercent: 33 }) },
      {
        what: 'the link to the acquirer is half-open',
        atMs: 4_000,
        do: () => links.acquirer.break({ kind: 'half-open' }),
        forMs: 3_000,
        undo: links.acquirer.heal,
      },
    ];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 8 });
    return { evidence };
  },
};
