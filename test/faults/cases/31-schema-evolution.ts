// Breaks: what consumers know of messages. How: messages of a later version (fields and types that nobody knows) and of an
// earlier one (a field is missing) come among those of today. Must hold: tolerated or a dead letter, never a crash.
import { topicOf } from '@doorbuster/contracts';
import { v7 as newOrderId } from 'uuid';
import type { FaultCase } from '../case.ts';
import { letterReasons, restarts } from '../harness/ask.ts';
import { publish } from '../harness/records.ts';
import { breakUnderLoad, must } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const each = 40;

function versionsOf(orderId: string) {
  const at = (n: number, type: string) => ({ ce_id: `${orderId}/faults/3/${n}`, ce_type: type });
  const { name: stock } = topicOf('StockReserved');
  const { name: orders } = topicOf('OrderConfirmed');
  return [
    // Of a producer of tomorrow: the order is long over, so what it says is ignored, but it has to be read.
    {
      topic: stock,
      key: orderId,
      headers: at(0, 'StockReserved'),
      value: JSON.stringify({ orderId, warehouse: 'north', parts: [{ n: 1 }] }),
    },
    { topic: orders, key: orderId, headers: at(1, 'OrderArchived'), value: JSON.stringify({ orderId }) },
    // Of a producer of yesterday.
    { topic: stock, key: orderId, headers: at(2, 'StockRejected'), value: JSON.stringify({ orderId }) },
  ];
}

export const schemaEvolution: FaultCase = {
  id: '31',
  title: 'schema evolution',
  breaks: 'the versions of messages',
  how: 'unknown fields, an unknown event, a missing field, 40 times each',
  holds: [...everything, 'tolerated or a dead letter', 'no process ends'],
  async run(context) {
    const { bench } = context;
    const before = restarts(bench);
    const first = await breakUnderLoad(context, { schedule: [], seconds: 3 });
    const lettersBefore = (await letterReasons(bench, 'order')).get('against the contract') ?? 0;
    const known = [
      ...first.accepted.slice(0, each / 2),
      ...Array.from({ length: each / 2 }, () => newOrderId()),
    ];
    const schedule = [
      { what: 'other versions', atMs: 1_000, do: () => publish(bench, known.flatMap(versionsOf)) },
    ];
    const again = { ...context, seed: context.seed + 1 };
    const { evidence } = await breakUnderLoad(again, { schedule, seconds: 4 });
    const letters = ((await letterReasons(bench, 'order')).get('against the contract') ?? 0) - lettersBefore;
    must(letters === known.length, `${letters} dead letters of ${known.length} old messages`);
    must(restarts(bench) === before, 'a process ended');
    return { evidence: `${known.length * 2} tolerated, ${letters} dead letters; ${evidence}` };
  },
};
