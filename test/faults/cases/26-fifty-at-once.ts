// Breaks: nothing; a client is impatient. How: one order is submitted 50 times at once, with the same key, ten times over,
// under load. Must hold: one order each, and 49 replays of its answer.
import { AcceptedOrder } from '@doorbuster/contracts';
import { newCustomer } from '../../support/customer.ts';
import type { FaultCase } from '../case.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const times = 50;
const orders = 10;

export const fiftyAtOnce: FaultCase = {
  id: '26',
  title: 'one order submitted 50 times at once',
  breaks: 'the patience of ten clients',
  how: '50 requests in parallel, with the same Idempotency-Key',
  holds: [...everything, 'one order each, all others are replays'],
  async run(context) {
    const customer = newCustomer(context.bench.shop.info.gateway);
    async function submit(n: number): Promise<void> {
      const body = customer.order('tok_ok', [{ sku: 'DB-1003', quantity: 1 }]);
      const headers = { 'idempotency-key': `fifty-${n}` };
      const answers = await Promise.all(Array.from({ length: times }, () => customer.post(body, headers)));
      const replays = answers.filter((answer) => answer.headers.get('idempotent-replayed') === 'true');
      const ids = await Promise.all(
        answers.map(async (answer) => AcceptedOrder.parse(await answer.json()).id),
      );
      must(new Set(ids).size === 1, `${new Set(ids).size} orders came of one`);
      must(replays.length === times - 1, `${replays.length} answers say that they are replays`);
    }
    const schedule = Array.from({ length: orders }, (_, n) => ({
      what: 'an order is submitted 50 times',
      atMs: 500 + n * 300,
      do: () => submit(n),
    }));
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 5 });
    return { evidence: `${orders} orders of ${orders * times} requests; ${evidence}` };
  },
};
