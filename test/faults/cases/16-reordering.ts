// Breaks: the order of an order's messages. How: all records of 60 orders come again in any order within each, and
// compensations come before what they compensate, under orders that nobody placed. Must hold: I8, I4; a tombstone refuses
// what comes late.
import { topicOf } from '@doorbuster/contracts';
import { v7 as newOrderId } from 'uuid';
import { mulberry32 } from '../../load/random.ts';
import type { FaultCase } from '../case.ts';
import { count } from '../harness/ask.ts';
import { publish, readRecords, shuffled } from '../harness/records.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const orders = 60;

/** Both compensations, then both commands; nobody else knows of this order. */
function backwards(orderId: string) {
  const messages = [
    ['ClosePayment', { orderId }],
    ['CapturePayment', { orderId, amountCents: 100, currency: 'GBP', card: 'tok_ok' }],
    ['ReleaseStock', { orderId }],
    ['ReserveStock', { orderId, lines: [{ sku: 'DB-1000', quantity: 1 }] }],
  ] as const;
  return messages.map(([type, data], n) => ({
    topic: topicOf(type).name,
    key: orderId,
    headers: { ce_id: `${orderId}/faults/1/${n}`, ce_type: type, ce_source: '/doorbuster/faults' },
    value: JSON.stringify(data),
  }));
}

export const reordering: FaultCase = {
  id: '16',
  title: 'reordering across topics',
  breaks: 'the order of the messages of 120 orders',
  how: 'shuffled within each of 60; for 60 made-up ones, the compensation before the command',
  holds: [...everything, 'nothing is charged or held under the made-up orders'],
  async run(context) {
    const { bench } = context;
    const { postgres } = bench.shop.info;
    const random = mulberry32(context.seed + 1);
    const strangers = Array.from({ length: orders }, () => newOrderId());
    const disorder = async () => {
      const byOrder = Map.groupBy(await readRecords(bench), ({ key }) => key);
      const newest = [...byOrder].toSorted(([a], [b]) => (a < b ? 1 : -1)).slice(0, orders);
      await publish(
        bench,
        newest.flatMap(([, records]) => shuffled(records, random)),
      );
      await publish(bench, strangers.flatMap(backwards));
    };
    const schedule = [{ what: 'messages come in any order', atMs: 4_000, do: disorder }];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 8 });
    const charged = 'select count(*) from charges where order_id = any($1::uuid[])';
    const held = `select count(*) from reservations where order_id = any($1::uuid[]) and state <> 'released'`;
    must((await count(postgres.acquirer, charged, [strangers])) === 0, 'a made-up order was charged');
    must((await count(postgres.inventory, held, [strangers])) === 0, 'a made-up order holds stock');
    return { evidence };
  },
};
