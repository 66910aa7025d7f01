// Breaks: the shop's capacity. How: an open loop of five times the rated load, behind a door with room for 400 open orders.
// Must hold: I10: as many are accepted as at the rated load, or 80 % of it, and the others are told when to come again.
import { openSettings } from '@doorbuster/discovery';
import type { FaultCase } from '../case.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const ratedPerS = 60;
const seconds = 6;
const room = { service: 'gateway', name: 'ADMISSION_OPEN_ORDERS_MAX', text: '400' };

export const overload: FaultCase = {
  id: '36',
  title: 'overload',
  breaks: 'the capacity, for 6 s',
  how: '60 orders a second, then 300, with room for 400 open ones; in full it is measured by itself',
  holds: [...everything, 'I10: goodput ≥ 80 %', '429 or 503 with Retry-After'],
  async run(context) {
    const settings = openSettings(context.bench.shop.info.consul);
    await settings.set(room);
    try {
      const rated = await breakUnderLoad(context, { schedule: [], seconds, ratePerS: ratedPerS });
      const again = { ...context, seed: context.seed + 1 };
      const over = await breakUnderLoad(again, { schedule: [], seconds, ratePerS: 5 * ratedPerS });
      const { offered, accepted, shed } = over.tally.counts;
      const goodput = accepted / rated.tally.counts.accepted;
      must(goodput >= 0.8, `${Math.round(goodput * 100)} % of the rated load were accepted`);
      must(
        accepted + shed === offered,
        `${offered - accepted - shed} were neither accepted nor told when to come`,
      );
      return { evidence: `goodput ${Math.round(goodput * 100)} % of the rated; ${over.evidence}` };
    } finally {
      await settings.unset(room);
    }
  },
};
