import { type Message, type MessageType, toHeaders, topicOf } from '@doorbuster/contracts';
import type { OutgoingRecord } from '@doorbuster/messaging';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { eventually } from '../../../test/support/eventually.ts';
import {
  PaymentCapturedExpanded,
  PaymentCapturedV1,
  PaymentCapturedV2,
} from '../../contracts/test/evolution.ts';
import type { Decision, Input } from '../src/index.ts';
import { orderIds, publish, type Tally, type TallyService, tallyService } from './tally.ts';

/**
 * One service in three releases. Each knows `PaymentCaptured` as its own contract says, and counts the pence: the
 * first has pounds to count them from, the others have pence.
 */
const release = <T extends z.ZodType<object>>(contract: T, penceOf: (data: z.infer<T>) => number) => ({
  consumes: ['PaymentCaptured'] as const,
  parse: (type: MessageType, data: unknown) => ({ type, data: contract.parse(data) }) as Message,
  decide(tally: Tally, input: Input): Decision<Tally> {
    if (input.kind !== 'message') throw new Error(`Nobody sends ${input.kind}`);
    const pence = penceOf(contract.parse(input.message.data));
    return { state: { ...tally, version: tally.version + 1, seen: tally.seen + pence } };
  },
});
const v1 = release(PaymentCapturedV1, ({ amount }) => Math.round(amount * 100));
const expanded = release(PaymentCapturedExpanded, ({ amountCents }) => amountCents);
const v2 = release(PaymentCapturedV2, ({ amountCents }) => amountCents);

/** £4.35, of which 4.35 × 100 is not quite 435. */
const forms = {
  v1: { amount: 4.35 },
  both: { amount: 4.35, amountCents: 435 },
  v2: { amountCents: 435 },
};

/** A record as payment of that release would send it. */
function captured(orderId: string, form: keyof typeof forms): OutgoingRecord {
  const envelope = { id: `${orderId}/payment/1/0`, type: 'PaymentCaptured', source: 'payment' } as const;
  const time = '2026-11-27T00:00:00.000Z';
  return {
    topic: topicOf(envelope.type).name,
    key: orderId,
    headers: toHeaders({ ...envelope, time, traceparent: undefined }),
    value: JSON.stringify({ orderId, ...forms[form] }),
  };
}

let service: TallyService;
beforeEach(async () => {
  service = await tallyService(v1);
});
afterEach(() => service.close());

const counted = (ids: string[]) =>
  eventually('all pence are counted', async () => (await service.seen(ids)).every((pence) => pence > 0));

/** The dead letters of these orders; a new group reads the topic from its beginning, with other tests' messages. */
async function lettersOf(ids: string[]): Promise<{ id: number; reason: string }[]> {
  const text = 'select id, reason from dead_letters where key = any($1)';
  return (await service.database.query(text, [ids])).rows;
}

const parked = (orderId: string) => eventually('it is parked', async () => (await lettersOf([orderId]))[0]);

describe('When a message changes its form', () => {
  test.each([
    ['the first release beside the expanded one', [v1, expanded], ['v1', 'both']],
    ['the expanded release beside the last one', [expanded, v2], ['v1', 'both', 'v2']],
  ] as const)(
    'and %s reads all that may be in flight, then each amount is counted once and right',
    async (_, releases, inFlight) => {
      const ids = orderIds(120);
      const readers = new Map(ids.map((id) => [id, new Set<number>()]));
      for (const [n, version] of releases.entries()) {
        const decide = (tally: Tally, input: Input) => {
          readers.get(input.key)?.add(n);
          return version.decide(tally, input);
        };
        const { isReady } = await service.start(`tally-${n}`, { ...version, decide });
        await eventually('it has its partitions', isReady);
      }
      const records = ids.map((id, n) => captured(id, inFlight[n % inFlight.length] ?? 'v1'));
      await publish([...records, ...records.slice(0, 60)]);
      await counted(ids);
      expect(await service.seen(ids)).toEqual(ids.map(() => 435));
      expect(await lettersOf(ids)).toEqual([]);
      // The partitions were shared, so each release has had a part of them.
      expect([...new Set([...readers.values()].flatMap((some) => [...some]))].toSorted()).toEqual([0, 1]);
    },
  );

  test('and producers stop writing the old field too early, then the old consumer parks it and the new one replays it', async () => {
    const [orderId] = orderIds(1) as [string];
    await service.start('tally-1', v1);
    await publish([captured(orderId, 'v2')]);
    const letter = await parked(orderId);
    expect(letter).toMatchObject({ reason: 'against the contract' });
    expect(await service.seen([orderId])).toEqual([0]);

    const upgraded = await service.start('tally-2', v2);
    const operator = { by: 'ann', why: 'the new version is rolled out' };
    const replay = () => upgraded.deadLetters.replay(letter.id, operator);
    expect([await replay(), await replay()].map(({ result }) => result)).toEqual([
      'decided',
      'replayed before',
    ]);
    expect(await service.seen([orderId])).toEqual([435]);
  });

  test('and a letter of the first release is replayed after the last one is rolled out, then it is still read', async () => {
    const [orderId] = orderIds(1) as [string];
    await service.start('tally-1', {
      ...v1,
      decide: () => {
        throw new Error('a bug');
      },
    });
    await publish([captured(orderId, 'v1')]);
    const letter = await parked(orderId);
    expect(letter).toMatchObject({ reason: 'decide threw' });
    const upgraded = await service.start('tally-2', v2);
    const replayed = await upgraded.deadLetters.replay(letter.id, { by: 'ann', why: 'the bug is mended' });
    expect(replayed.result).toBe('decided');
    expect(await service.seen([orderId])).toEqual([435]);
  });
});
