import { topicOf } from '@doorbuster/contracts';
import { readTopic } from '@doorbuster/messaging';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { servers } from '../../../test/support/servers.ts';
import { createCommit } from '../src/recover.ts';
import {
  cursed,
  decide,
  log,
  orderIds,
  publish,
  reserved,
  store,
  type TallyService,
  tallyService,
} from './tally.ts';

let service: TallyService;
beforeEach(async () => {
  service = await tallyService();
});
afterEach(() => service.close());

/** The answers that this service gave to these orders, as they stand in Kafka: message ids by order. */
async function answersTo(ids: string[]): Promise<Map<string, string[]>> {
  const answers = new Map<string, string[]>(ids.map((id) => [id, []]));
  const options = { brokers: servers().kafka, clientId: service.name };
  await readTopic(options, topicOf('PaymentClosed').name, ({ key, headers }) => {
    if (headers['ce_source'] === `/doorbuster/${service.name}`)
      answers.get(key)?.push(headers['ce_id'] ?? '');
  });
  return answers;
}

const counted = (ids: string[], times = 1) =>
  eventually('all are counted', async () => (await service.seen(ids)).every((seen) => seen === times));

describe('When a message comes', () => {
  test('twice in one batch and again later, then it is decided once', async () => {
    const ids = orderIds(20);
    const changed: string[] = [];
    await publish([...ids, ...ids].map((id) => reserved(id)));
    await service.start('tally-1', {
      onChanged: (changes) => changed.push(...changes.map(({ input }) => input.key)),
    });
    await counted(ids);
    await publish([...ids, ...orderIds(1)].map((id) => reserved(id)));
    await eventually('the duplicates are counted', async () => {
      const { rows } = await service.database.query(
        "select count from stopped_duplicates where stopped_by = 'inbox'",
      );
      return rows[0]?.count === 40;
    });
    expect(await service.seen(ids)).toEqual(ids.map(() => 1));
    expect(changed.filter((id) => ids.includes(id)).sort()).toEqual(ids.toSorted());
  });

  test('that nobody can read, then it is parked with its bytes and the good ones go on', async () => {
    const [before, after, poisonous] = orderIds(3) as [string, string, string];
    const poison = [
      { ...reserved(poisonous), value: '{"orderId":' },
      { ...reserved(poisonous), value: Buffer.from([0, 255, 0]) },
      { ...reserved(poisonous), value: JSON.stringify({ orderId: 7 }) },
      { ...reserved(poisonous), headers: { ce_type: 'StockReserved' } },
    ];
    await publish([reserved(before), ...poison, reserved(after)]);
    await service.start();
    await counted([before, after]);
    const letters = await eventually('all poison is parked', async () => {
      const { rows } = await service.database.query(
        'select reason, value from dead_letters where key = $1 order by position',
        [poisonous],
      );
      return rows.length === poison.length && rows;
    });
    expect(letters.map(({ reason }) => reason)).toEqual([
      'not JSON',
      'not JSON',
      'against the contract',
      'no CloudEvents headers',
    ]);
    expect(letters[1].value).toEqual(Buffer.from([0, 255, 0]));
  });

  test('of a type that the service does not use, then it costs nothing', async () => {
    const [used, unused] = orderIds(2) as [string, string];
    const foreign = reserved(unused);
    foreign.headers['ce_type'] = 'StockHasWings';
    await publish([foreign, reserved(used)]);
    await service.start();
    await counted([used]);
    const { rows } = await service.database.query(
      'select key from inbox where key = $1 union all select key from dead_letters where key = $1',
      [unused],
    );
    expect(rows).toEqual([]);
  });

  test('about which the decision throws, then it alone is parked', async () => {
    const ids = orderIds(5);
    const [bad, ...good] = ids as [string, ...string[]];
    cursed.add(bad);
    await publish(ids.map((id) => reserved(id)));
    await service.start();
    await counted(good);
    const letter = await eventually('the cursed one is parked', async () => {
      const { rows } = await service.database.query(
        'select reason, detail from dead_letters where key = $1',
        [bad],
      );
      return rows[0];
    });
    expect(letter).toEqual({ reason: 'decide threw', detail: 'Error: a bug' });
  });

  test('that the database refuses, then the batch is halved until it stands alone', async () => {
    const ids = orderIds(7);
    const [bad, ...good] = ids as [string, ...string[]];
    // The row's constraint allows no 1,000th: saving this order breaks the batch, not the decision.
    await service.database.query('insert into tallies values ($1, 1, 999)', [bad]);
    const changed: string[] = [];
    await publish(ids.map((id) => reserved(id)));
    await service.start('tally-1', {
      onChanged: (changes) => changed.push(...changes.map(({ input }) => input.key)),
    });
    await counted(good);
    const letter = await eventually('the refused one is parked', async () => {
      const { rows } = await service.database.query('select reason from dead_letters where key = $1', [bad]);
      return rows[0];
    });
    expect(letter).toEqual({ reason: 'database refused' });
    // Of what was tried and rolled back nobody is told.
    expect(changed.filter((id) => ids.includes(id)).sort()).toEqual(good.toSorted());
  });
});

test('When messages are so old that they cannot come again, then the inbox forgets them, and no others', async () => {
  await service.database.query(`
    insert into inbox (key, message_id, type, received_at)
    select n, n, 'StockReserved', now() - case when n % 2 = 0 then interval '193 hours' else interval '191 hours' end
    from generate_series(1, 12000) as n`);
  await service.start();
  // Whatever else comes out of the shared Kafka meanwhile has an order's id as its key.
  const left = async () => {
    const { rows } = await service.database.query<{ old: number; young: number }>(`
      select count(*) filter (where received_at < now() - interval '192 hours')::int as old,
             count(*) filter (where received_at > now() - interval '192 hours')::int as young
      from inbox where key = message_id`);
    return rows[0];
  };
  await eventually('the old ones are gone', async () => (await left())?.old === 0);
  expect((await left())?.young).toBe(6_000);
});

describe('When a process dies', () => {
  test('between the commit and the publishing, then the next one publishes', async () => {
    const [orderId] = orderIds(1) as [string];
    const { database, name } = service;
    const effects = { reserve: () => 0, begin: () => undefined };
    const work = {
      service: name,
      database,
      store,
      decide,
      effects,
      relay: { isLeader: () => true, take: () => undefined },
    };
    const commit = createCommit(work, { log, stopping: new AbortController().signal });
    const { topic, key, headers, value } = reserved(orderId);
    const record = { topic, partition: 0, offset: '0', key, headers, value: Buffer.from(value) };
    const message = { type: 'StockReserved', data: { orderId } } as const;
    const common = { key: orderId, type: message.type, traceparent: undefined, weight: 1 };
    // All that a process does up to its commit, and nothing after it.
    await commit([{ ...common, kind: 'message', id: headers['ce_id'] ?? '', message, record }]);
    expect(await service.count('outbox')).toBe(1);

    await service.start();
    await eventually('the outbox is empty', async () => (await service.count('outbox')) === 0);
    expect(await answersTo([orderId])).toEqual(new Map([[orderId, [`${orderId}/${name}/1/0`]]]));
  });

  test('between the publishing and the delete, then the message is sent again with the same id', async () => {
    const [orderId] = orderIds(1) as [string];
    await publish([reserved(orderId)]);
    await service.start();
    await counted([orderId]);
    await eventually('the outbox is empty', async () => (await service.count('outbox')) === 0);
    // The delete that was lost: the row is back.
    await service.database.query(
      `insert into outbox (message_id, topic, key, type, data) values ($1, $2, $3, 'PaymentClosed', $4)`,
      [
        `${orderId}/${service.name}/1/0`,
        topicOf('PaymentClosed').name,
        orderId,
        JSON.stringify({ orderId, refundedCents: 0 }),
      ],
    );
    await eventually('the outbox is empty again', async () => (await service.count('outbox')) === 0);
    const twice = [`${orderId}/${service.name}/1/0`, `${orderId}/${service.name}/1/0`];
    expect((await answersTo([orderId])).get(orderId)).toEqual(twice);
  });
});

describe('When two instances share the work', () => {
  test('then every message is decided once and every answer is published', async () => {
    const ids = orderIds(300);
    await Promise.all([service.start('tally-1'), service.start('tally-2')]);
    for (const from of [0, 100, 200]) await publish(ids.slice(from, from + 100).map((id) => reserved(id)));
    await counted(ids);
    await eventually('the outbox is empty', async () => (await service.count('outbox')) === 0);
    const answers = [...(await answersTo(ids)).values()];
    expect(answers.every((sent) => new Set(sent).size === 1)).toBe(true);
  });

  test('and the relay loses its advisory lock, then the other takes over and nothing is lost', async () => {
    const ids = orderIds(200);
    await Promise.all([service.start('tally-1'), service.start('tally-2')]);
    await publish(ids.slice(0, 100).map((id) => reserved(id)));
    const holder = await eventually('somebody holds the lock', () => lockHolder());
    await service.admin.query('select pg_terminate_backend($1)', [holder]);
    await publish(ids.slice(100).map((id) => reserved(id)));
    await counted(ids);
    await eventually('another holds the lock', async () => ((await lockHolder()) ?? holder) !== holder);
    await eventually('the outbox is empty', async () => (await service.count('outbox')) === 0);
    expect([...(await answersTo(ids)).values()].every((sent) => sent.length > 0)).toBe(true);
  });

  async function lockHolder(): Promise<number | undefined> {
    const { rows } = await service.admin.query<{ pid: number }>(
      `select pid from pg_locks join pg_database d on d.oid = database
       where locktype = 'advisory' and granted and d.datname = $1`,
      [service.name],
    );
    return rows[0]?.pid;
  }
});

test('When every database connection is cut in mid-flight, then all is decided once all the same', async () => {
  const ids = orderIds(200);
  await service.start();
  await publish(ids.slice(0, 100).map((id) => reserved(id)));
  await service.admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    service.name,
  ]);
  await publish(ids.slice(100).map((id) => reserved(id)));
  await counted(ids);
  await eventually('the outbox is empty', async () => (await service.count('outbox')) === 0);
});

test('When messages of one order come in a row, then they are decided and answered in that order', async () => {
  const [orderId] = orderIds(1) as [string];
  const times = 50;
  const ids = Array.from({ length: times }, (_, n) => `${orderId}/inventory/${n}/0`);
  await publish(ids.map((id) => reserved(orderId, { id })));
  await service.start();
  await counted([orderId], times);
  await eventually('the outbox is empty', async () => (await service.count('outbox')) === 0);
  const versions = ids.map((_, n) => `${orderId}/${service.name}/${n + 1}/0`);
  expect((await answersTo([orderId])).get(orderId)).toEqual(versions);
});

test('When large messages wait, then they leave in requests that the broker takes, and in their order', async () => {
  const [orderId] = orderIds(1) as [string];
  const count = 60;
  // 60 × 60 KB for one partition: at once it would be three times what a broker takes in one batch.
  await service.database.query(
    `insert into outbox (message_id, topic, key, type, data)
     select $1 || '/' || n, $2, $1, 'PaymentClosed', json_build_object('orderId', $1::text, 'padding', repeat('x', 60000))
     from generate_series(1, $3) as n`,
    [orderId, topicOf('PaymentClosed').name, count],
  );
  await service.start();
  await eventually('the outbox is empty', async () => (await service.count('outbox')) === 0);
  const expected = Array.from({ length: count }, (_, n) => `${orderId}/${n + 1}`);
  expect((await answersTo([orderId])).get(orderId)).toEqual(expected);
});

describe('When a dead letter is replayed', () => {
  const operator = { by: 'ann', why: 'the bug is mended' };

  async function parked(orderId: string, record = reserved(orderId)) {
    await publish([record]);
    const pipeline = await service.start();
    return eventually('it is parked', async () => {
      const { items } = await pipeline.deadLetters.list({ open: true, after: 0, limit: 500 });
      const letter = items.find(({ key }) => key === orderId);
      return letter && { pipeline, letter };
    });
  }

  test('five times at once, then it is decided once, and who, when and why is recorded', async () => {
    const [orderId] = orderIds(1) as [string];
    cursed.add(orderId);
    const { pipeline, letter } = await parked(orderId);
    cursed.delete(orderId);
    const results = await Promise.all(
      Array.from({ length: 5 }, () => pipeline.deadLetters.replay(letter.id, operator)),
    );
    expect(results.map(({ result }) => result).sort()).toEqual([
      'decided',
      ...Array(4).fill('replayed before'),
    ]);
    expect(await service.seen([orderId])).toEqual([1]);
    const shown = await pipeline.deadLetters.show(letter.id);
    expect(shown).toMatchObject({
      replayedBy: 'ann',
      replayWhy: operator.why,
      replayedAt: expect.any(String),
    });
  });

  test('and the decision throws again, then it stays parked and nothing has happened', async () => {
    const [orderId] = orderIds(1) as [string];
    cursed.add(orderId);
    const { pipeline, letter } = await parked(orderId);
    const result = await pipeline.deadLetters.replay(letter.id, operator);
    expect(result).toEqual({ id: letter.id, result: 'impossible', why: 'Error: a bug' });
    expect(await pipeline.deadLetters.show(letter.id)).toMatchObject({ replayedAt: null, count: 1 });
    expect(await service.seen([orderId])).toEqual([0]);
  });

  test('edited, then a new message takes its place, once, and is linked to it', async () => {
    const [orderId] = orderIds(1) as [string];
    const { pipeline, letter } = await parked(orderId, { ...reserved(orderId), value: 'no JSON' });
    expect(await pipeline.deadLetters.replay(letter.id, operator)).toMatchObject({
      result: 'impossible',
    });
    await expect(
      pipeline.deadLetters.edit(letter.id, 'StockReserved', { orderId: 7 }, operator),
    ).rejects.toThrow();
    const edit = () => pipeline.deadLetters.edit(letter.id, 'StockReserved', { orderId }, operator);
    const results = await Promise.all([edit(), edit(), edit()]);
    expect(results.filter(({ result }) => result === 'sent')).toHaveLength(1);
    await counted([orderId]);
    const replayedAs = `${orderId}/${service.name}/dead-letter/${letter.id}`;
    expect(await pipeline.deadLetters.show(letter.id)).toMatchObject({
      replayedAs,
      value: Buffer.from('no JSON').toString('base64'),
    });
  });
});
