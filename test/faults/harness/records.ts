import { topics } from '@doorbuster/contracts';
import { createPublisher, type OutgoingRecord, type ReceivedRecord, readTopic } from '@doorbuster/messaging';
import type { Random } from '../../load/random.ts';
import type { FaultBench } from './bench.ts';

/** Every record of every topic, as they are now. */
export async function readRecords({ shop }: FaultBench): Promise<ReceivedRecord[]> {
  const records: ReceivedRecord[] = [];
  const options = { brokers: shop.info.kafka, clientId: 'faults' };
  await Promise.all(topics.map(({ name }) => readTopic(options, name, (record) => records.push(record))));
  return records;
}

/** Publishes as the shop does, from outside. @throws when the brokers refuse */
export async function publish({ shop }: FaultBench, records: OutgoingRecord[]): Promise<void> {
  const publisher = await createPublisher({ brokers: shop.info.kafka, clientId: 'faults' });
  try {
    for (let from = 0; from < records.length; from += atOnce)
      await publisher.publish(records.slice(from, from + atOnce));
  } finally {
    await publisher.close();
  }
}

const atOnce = 500;

/** The same in another order. Source: Fisher and Yates. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const drawn = [...items];
  for (let left = drawn.length - 1; left > 0; left--) {
    const at = Math.floor(random() * (left + 1));
    const [one, other] = [drawn[left], drawn[at]];
    if (one === undefined || other === undefined) continue;
    drawn[left] = other;
    drawn[at] = one;
  }
  return drawn;
}
