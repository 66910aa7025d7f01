// Breaks: refunds. How: the acquirer has taken money that it does not give back, and answers 500 to every attempt. Must
// hold: I5; the refund is parked and seen by an operator, and resolved when the acquirer gives in.
import { ParkedEffect } from '@doorbuster/contracts';
import { z } from 'zod';
import { eventually } from '../../support/eventually.ts';
import type { FaultCase } from '../case.ts';
import { askDoor } from '../harness/ask.ts';
import { breakUnderLoad, must, quiet } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const Parked = z.object({ items: z.array(ParkedEffect) });

export const compensationFails: FaultCase = {
  id: '29',
  title: 'the compensation itself fails',
  breaks: 'the refunds of every 25th order',
  how: 'a card whose charge is never answered and whose refund is answered 500, six times',
  holds: [...everything, 'parked, visible, resolvable'],
  bench: 'tight',
  async run(context) {
    const { bench, signal } = context;
    let parked = 0;
    async function resolve(): Promise<void> {
      const { items } = Parked.parse(await askDoor(bench, '/admin/sagas'));
      parked = items.length;
      await bench.knobs({ refundsFail: false });
      const signed = { by: 'ann', why: 'the acquirer gives in' };
      for (const { orderId } of items) await askDoor(bench, `/admin/sagas/${orderId}/retry`, signed);
      await eventually('nothing is parked any more', async () => {
        return Parked.parse(await askDoor(bench, '/admin/sagas')).items.length === 0;
      });
      await quiet(bench.shop.info, signal);
    }
    const { evidence, report } = await breakUnderLoad(context, {
      schedule: [],
      seconds: 6,
      alter: (order, n) =>
        n % 25 === 0
          ? { ...order, body: JSON.stringify({ ...JSON.parse(order.body), card: 'tok_refund_fails' }) }
          : order,
      afterwards: resolve,
    });
    must(parked > 0, 'no refund was parked');
    must(report.parked.length === 0, `${report.parked.length} refunds are still parked`);
    return { evidence: `${parked} refunds parked and retried; ${evidence}` };
  },
};
