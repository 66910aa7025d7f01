import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { EventSource } from 'undici';
import { newCustomer } from '../support/customer.ts';
import { follow, followToTheEnd, sees } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { shop } from '../support/servers.ts';

const customer = newCustomer();
const place = async (card: string) => (await customer.place(card, [{ sku: 'DB-1070', quantity: 1 }])).id;

describe('When an order is followed through the door', () => {
  test.each(['tok_ok', 'tok_declined'])('with %s, then what comes is its timeline', async (card) => {
    const id = await place(card);
    const following = await follow(shop().gateway, id);
    expect(await following.over).toBe('ended');
    const view = await customer.look(id);
    expect(following.events().map(({ entry }) => entry)).toEqual(
      view.timeline.filter(({ ignored }) => ignored === null),
    );
    const { status, state, version, reason, refundedCents } = view;
    expect(following.end()).toEqual({ id, status, state, version, reason, refundedCents });
    expect(following.events().map((event) => event.version)).toEqual(
      Array.from({ length: version }, (_, n) => n + 1),
    );
    expect(following.headers.get('content-type')).toBe('text/event-stream');
    expect(following.headers.get('cache-control')).toBe('no-store');
  });

  test('from the middle on, then nothing is missed and nothing repeated', async () => {
    const id = await place('tok_slow');
    const first = await follow(shop().gateway, id);
    const { version } = await sees(first, 2);
    first.close();
    await first.over;
    const rest = await follow(shop().gateway, id, version);
    await rest.over;
    const seen = [...first.events().filter((event) => event.version <= version), ...rest.events()];
    expect(seen.map((event) => event.version)).toEqual([1, 2, 3, 4]);
  });

  test('by a hundred at once, then each sees all of it', async () => {
    const id = await place('tok_slow');
    const all = await Promise.all(Array.from({ length: 100 }, () => followToTheEnd([shop().gateway], id)));
    for (const events of all) expect(events.map((event) => event.version)).toEqual([1, 2, 3, 4]);
  });

  test('by an EventSource that connects again when the stream ends, then it is told to stop', async () => {
    const id = await place('tok_ok');
    const source = new EventSource(`${shop().gateway}/orders/${id}/events`);
    const versions: string[] = [];
    source.addEventListener('order', (event) => versions.push((event as MessageEvent).lastEventId));
    const { promise: stopped, resolve } = Promise.withResolvers<void>();
    source.onerror = () => source.readyState === EventSource.CLOSED && resolve();
    await stopped;
    expect(versions).toEqual(['1', '2', '3', '4']);
  });

  test('while nothing happens, then it is kept alive', async () => {
    const id = await place('tok_late');
    const following = await follow(shop().gateway, id);
    await eventually('a sign of life', () => following.received.some(({ comment }) => comment !== undefined));
    following.close();
  });
});

test('When orders move while one is followed, then every instance is told', async () => {
  const anotherInstance = new pg.Client({ connectionString: shop().postgres['order'] });
  await anotherInstance.connect();
  let notices = 0;
  anotherInstance.on('notification', () => notices++);
  await anotherInstance.query('listen timeline');
  const following = await follow(shop().gateway, await place('tok_slow'));
  await sees(following, 1);
  await eventually('a notice comes', () => notices > 0);
  following.close();
  await anotherInstance.end();
});

test('When it makes no sense to follow, then it is refused with a problem document', async () => {
  const { gateway } = shop();
  const id = await place('tok_ok');
  await customer.ended(id);
  const refused = [
    await follow(gateway, '01900000-0000-7000-8000-000000000000'),
    await follow(gateway, 'x'),
    await follow(gateway, id, 'seven'),
    await follow(gateway, id, 99),
  ];
  expect(refused.map(({ status }) => status)).toEqual([404, 404, 400, 400]);
  for (const { headers } of refused)
    expect(headers.get('content-type')).toContain('application/problem+json');
  expect((await follow(gateway, id, 4)).status).toBe(204);
  expect((await fetch(`${gateway}/orders/${id}/events`, { method: 'DELETE' })).status).toBe(405);
  const head = await fetch(`${gateway}/orders/${id}/events`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});
