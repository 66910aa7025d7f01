import { setTimeout as pause } from 'node:timers/promises';
import { topics } from '@doorbuster/contracts';
import { createPublisher, type OutgoingRecord, type ReceivedRecord, tap } from '@doorbuster/messaging';
import { Refusal } from '@doorbuster/stack';

/** Marks what was sent by us, so that our own copies are not copied again. */
const mark = 'doorbuster-copy';
/** A broker that is silent lets nobody leave in good order. */
const closeLimitMs = 5_000;

/** The copies of those records that are no copies themselves. */
export const copiesOf = (records: readonly ReceivedRecord[]): OutgoingRecord[] =>
  records
    .filter(({ headers }) => headers[mark] === undefined)
    .map(({ topic, key, headers, value }) => ({ topic, key, value, headers: { ...headers, [mark]: '1' } }));

/** While it is on, every record of every topic is sent once more, as a producer that got no answer would. */
export function keepTwice(brokers: string[]) {
  let end: (() => Promise<void>) | undefined;
  let isTurning = false;

  async function start(): Promise<void> {
    const options = { brokers, clientId: 'desk' };
    const publisher = await createPublisher(options);
    const names = topics.map(({ name }) => name);
    const tapped = await tap(options, names, async (records) => {
      const copies = copiesOf(records);
      if (copies.length > 0) await publisher.publish(copies);
    }).catch(async (error: unknown) => {
      await publisher.close();
      throw error;
    });
    end = async () => {
      await tapped.close();
      await publisher.close();
    };
  }

  async function close(): Promise<void> {
    const ending = end?.().catch(() => undefined);
    end = undefined;
    if (ending !== undefined) await Promise.race([ending, pause(closeLimitMs, undefined, { ref: false })]);
  }

  return {
    isOn: () => end !== undefined,
    /** @throws Refusal 409 when it is as wanted already, or just being turned */
    async turn(on: boolean): Promise<void> {
      if (isTurning || on === (end !== undefined))
        throw new Refusal(409, `sending everything twice is ${on ? 'on' : 'off'} already, or about to be`);
      isTurning = true;
      await (on ? start() : close()).finally(() => {
        isTurning = false;
      });
    },
    close,
  };
}
