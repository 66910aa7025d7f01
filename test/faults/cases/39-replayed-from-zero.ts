// Breaks: what services remember of what they have handled. How: the inboxes of inventory, payment and notification are
// emptied, and all topics are read again from their beginning. (The inbox of order is its timeline: it stays.) Must hold:
// I2, I3: unique business keys stop what the inbox would have.
import { topicOf } from '@doorbuster/contracts';
import pg from 'pg';
import { rewind } from '../../../libs/messaging/test/brokers.ts';
import type { FaultCase } from '../case.ts';
import { breakUnderLoad } from '../harness/trial.ts';
import { everything } from '../invariants.ts';

const reads = [
  ['inventory', topicOf('ReserveStock').name],
  ['inventory', topicOf('OrderConfirmed').name],
  ['payment', topicOf('CapturePayment').name],
  ['notification', topicOf('OrderConfirmed').name],
  ['order', topicOf('StockReserved').name],
  ['order', topicOf('PaymentCaptured').name],
] as const;
const forgetful = ['inventory', 'payment', 'notification'] as const;

export const replayedFromZero: FaultCase = {
  id: '39',
  title: 'inbox emptied, topic replayed from 0',
  breaks: 'the memory of inventory, payment and notification',
  how: 'their inboxes are emptied, and the offsets of all groups set back to 0',
  holds: everything,
  async run(context) {
    const { shop, instancesOf } = context.bench;
    const { supervisor, info } = shop;
    const all = ['order', ...forgetful].flatMap(instancesOf);
    const forget = async () => {
      await Promise.all(all.map((name) => supervisor.stop(name)));
      for (const service of forgetful) {
        const database = new pg.Client({ connectionString: info.postgres[service] });
        await database.connect();
        await database.query('truncate inbox').finally(() => database.end());
      }
      for (const [group, topic] of reads) await rewind(info.kafka, group, topic);
      await Promise.all(all.map((name) => supervisor.start(name)));
    };
    const schedule = [{ what: 'everything is forgotten', atMs: 3_000, do: forget }];
    const { evidence } = await breakUnderLoad(context, { schedule, seconds: 4 });
    return { evidence };
  },
};
