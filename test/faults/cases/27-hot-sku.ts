// Breaks: the stock of one product. How: 2,000 buyers for 100 of it, at 150 a second. Must hold: exactly 100 are sold (I3),
// and everybody hears.
import type { FaultCase } from '../case.ts';
import { count } from '../harness/ask.ts';
import { hot } from '../harness/bench.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const buyers = 2_000;
const ratePerS = 150;

export const hotSku: FaultCase = {
  id: '27',
  title: 'hot SKU',
  breaks: 'a product of which there are 100',
  how: '2,000 buyers at 150 a second, one each',
  holds: [...everything, 'exactly 100 are sold'],
  async run(context) {
    const { evidence } = await breakUnderLoad(context, {
      schedule: [],
      ratePerS,
      seconds: buyers / ratePerS,
      alter(order) {
        const lines = [{ sku: hot.sku, quantity: 1 }];
        return { ...order, body: JSON.stringify({ ...JSON.parse(order.body), card: 'tok_ok', lines }) };
      },
    });
    const { inventory } = context.bench.shop.info.postgres;
    const sold = await count(inventory, 'select sold as count from stock where sku = $1', [hot.sku]);
    must(sold === hot.stock, `${sold} of ${hot.stock} were sold`);
    return { evidence: `${sold} sold; ${evidence}` };
  },
};
