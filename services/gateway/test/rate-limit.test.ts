import { problems } from '@doorbuster/service';
import { afterEach, describe, expect, test } from '@jest/globals';
import express, { type Request } from 'express';
import { addressOf, createBuckets, createRateLimits, customerIn } from '../src/rate-limit.ts';
import { closeServers, serve } from './serve.ts';

describe('When a client asks', () => {
  const limit = { perS: 10, burst: 3 };
  let nowMs = 0;
  const bucket = () =>
    createBuckets(
      () => limit,
      () => nowMs,
    );

  test('then it may ask as often at once as the bucket holds, and once more when a token has come', () => {
    const take = bucket();
    expect([1, 2, 3, 4].map(() => take('ann').isAllowed)).toEqual([true, true, true, false]);
    expect(take('ann')).toEqual({ isAllowed: false, remaining: 0, waitS: 0.1, fullS: 0.3 });
    nowMs += 100;
    expect([take('ann').isAllowed, take('ann').isAllowed]).toEqual([true, false]);
  });

  test('then what it asks too much costs it nothing: it waits no longer for that', () => {
    const take = bucket();
    for (let n = 0; n < 1_000; n++) take('ann');
    nowMs += 100;
    expect(take('ann').isAllowed).toBe(true);
  });

  test('then others have all that is theirs', () => {
    const take = bucket();
    for (let n = 0; n < 1_000; n++) take('greedy');
    expect(take('ann')).toMatchObject({ isAllowed: true, remaining: 2 });
  });

  test('then a rest saves up no more than the bucket holds', () => {
    const take = bucket();
    take('ann');
    nowMs += 3_600_000;
    expect([1, 2, 3, 4].filter(() => take('ann').isAllowed)).toHaveLength(3);
  });

  test('then buckets are forgotten when there are too many, of who did not ask for the longest time', () => {
    const take = bucket();
    for (let n = 0; n < 3; n++) take('ann');
    for (let n = 0; n < 50_000; n++) take(`client ${n}`);
    expect(take('ann').remaining).toBe(2);
    expect(take('client 49999').remaining).toBe(1);
  });
});

describe('When orders are limited by customer', () => {
  afterEach(closeServers);

  test('then the greedy one hears 429 and when to come again, and the others are served', async () => {
    const limits = createRateLimits({
      orders: () => ({ perS: 0.001, burst: 2 }),
      others: () => ({ perS: 0.001, burst: 1 }),
      proxies: 0,
    });
    const app = express()
      .use(limits.others)
      .post('/orders', express.raw({ type: '*/*' }), limits.orders, (_req, res) => void res.sendStatus(202))
      .get('/products', (_req, res) => void res.json([]))
      .use(problems({ error: () => undefined }));
    const origin = await serve(app);
    const post = (id: string) =>
      fetch(`${origin}/orders`, { method: 'POST', body: JSON.stringify({ customer: { id } }) });
    const answers = [await post('greedy'), await post('greedy'), await post('greedy'), await post('ann')];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 429, 202]);
    const told = answers.map(({ headers }) => headers.get('ratelimit'));
    expect(told).toEqual([
      '"orders";r=1;t=1000',
      '"orders";r=0;t=2000',
      '"orders";r=0;t=1000',
      '"orders";r=1;t=1000',
    ]);
    expect(answers[2]?.headers.get('ratelimit-policy')).toBe('"orders";q=2;w=2000');
    expect(answers[2]?.headers.get('retry-after')).toBe('1000');
    expect(await answers[2]?.json()).toMatchObject({ status: 429, title: 'Too Many Requests' });
    const others = [await fetch(`${origin}/products`), await fetch(`${origin}/products`)];
    expect(others.map(({ status }) => status)).toEqual([200, 429]);
  });
});

test.each([
  ['{"customer":{"id":"ann","email":"a@b.c"}}', 'ann'],
  ['{"card":"x","customer" : { "email":"a@b.c", "id" : "\\u0061nn"}}', 'ann'],
  ['{"customer":{"id":"a\\"}b"}}', 'a"}b'],
  ['{"customer":{"id":7}}', undefined],
  ['{"customer":{"id":"\\x"}}', undefined],
  ['not JSON', undefined],
  ['', undefined],
])('When a body is %s, then the customer is %s', (body, customer) => {
  expect(customerIn(Buffer.from(body))).toBe(customer);
});

test.each([
  ['192.0.2.1', '', 0, '192.0.2.1'],
  ['192.0.2.1', '203.0.113.7', 0, '192.0.2.1'],
  ['192.0.2.1', '6.6.6.6, 203.0.113.7', 1, '203.0.113.7'],
  ['192.0.2.1', '', 1, '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '', 0, '2001:db8:1:2'],
  ['::ffff:192.0.2.1', '', 0, '::ffff:192.0.2.1'],
])(
  'When %s forwards for "%s" behind %i proxies, then the client is %s',
  (remoteAddress, forwarded, proxies, address) => {
    const req = {
      headers: { 'x-forwarded-for': forwarded },
      socket: { remoteAddress },
    } as unknown as Request;
    expect(addressOf(req, proxies)).toBe(address);
  },
);
