// Breaks: sizes. How: a record of 5 MB from outside, one of 0.9 MB that is poison, orders of every product, and bodies of
// 50 MB. Must hold: the broker refuses the first, the second is parked, 413 for the last, and the relay goes on.
import { topicOf } from '@doorbuster/contracts';
import { v7 as newOrderId } from 'uuid';
import { newCustomer } from '../../support/customer.ts';
import type { FaultCase } from '../case.ts';
import { publish } from '../harness/records.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const huge = (bytes: number) => {
  const key = newOrderId();
  const headers = { ce_id: `${key}/faults/1/0`, ce_type: 'ReserveStock', ce_source: '/doorbuster/faults' };
  return [{ topic: topicOf('ReserveStock').name, key, headers, value: 'x'.repeat(bytes) }];
};

export const hugeThings: FaultCase = {
  id: '18',
  title: 'huge message, huge body',
  breaks: 'the limits of records, orders and bodies',
  how: 'a record of 5 MB, one of 0.9 MB, 20 orders of 199 lines, 5 bodies of 50 MB',
  holds: [...everything, '413 for each body', 'the broker refuses 5 MB'],
  async run(context) {
    const { bench } = context;
    const customer = newCustomer(bench.shop.info.gateway);
    const statuses: number[] = [];
    let isRefused = false;
    const send = async () => {
      isRefused = await publish(bench, huge(5_000_000)).then(
        () => false,
        () => true,
      );
      await publish(bench, huge(900_000));
      const lines = Array.from({ length: 199 }, (_, n) => ({ sku: `DB-${1_000 + n}`, quantity: 1 }));
      const largest = customer.order('tok_ok', lines);
      for (let n = 0; n < 20; n++) statuses.push((await customer.post(largest)).status);
      const body = Buffer.alloc(50_000_000, 'x').toString();
      for (let n = 0; n < 5; n++) {
        const answer = await customer.post(body).catch(() => undefined);
        statuses.push(answer?.status ?? 0);
      }
    };
    const schedule = [{ what: 'huge things', atMs: 1_000, do: send }];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 8 });
    const told = (status: number) => statuses.filter((one) => one === status).length;
    must(isRefused, 'the broker took 5 MB');
    must(told(202) === 20, `orders of 199 lines were answered ${statuses.slice(0, 20)}`);
    must(told(413) === 5, `bodies of 50 MB were answered ${statuses.slice(20)}`);
    return { evidence: `${told(202)} × 202, ${told(413)} × 413; ${evidence}` };
  },
};
