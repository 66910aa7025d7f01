import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { newCustomer, products } from '../support/customer.ts';
import { shop } from '../support/servers.ts';

const customer = newCustomer();
const lines = [{ sku: 'DB-1040', quantity: 1 }];
const good = customer.order('tok_ok', lines);
let database: pg.Client;
beforeAll(async () => {
  database = new pg.Client({ connectionString: shop().postgres['order'] });
  await database.connect();
});
afterAll(() => database.end());

/** How many rows this customer has caused. */
async function rowsOf(customerId = customer.id): Promise<number> {
  const { rows } = await database.query(
    `select (select count(*) from orders where customer_id = $1) + (select count(*) from idempotency where customer_id = $1)
       as n`,
    [customerId],
  );
  return Number(rows[0].n);
}

type BadInput = [name: string, status: number, body: unknown, headers?: Record<string, string>];

describe('When bad input comes, then it gets its status, a problem document, and changes nothing', () => {
  const bad: [BadInput, ...BadInput[]] = [
    ['broken JSON', 400, '{"customer":'],
    ['no key', 400, good, { 'idempotency-key': '' }],
    ['a key of 129 characters', 400, good, { 'idempotency-key': 'k'.repeat(129) }],
    ['another media type', 415, good, { 'content-type': 'text/plain' }],
    ['an unknown charset', 415, good, { 'content-type': 'application/json; charset=martian' }],
    ['a body of 300 KB', 413, { ...good, padding: 'x'.repeat(300_000) }],
    ['an empty object', 422, {}],
    ['an array', 422, []],
    ['no lines', 422, { ...good, lines: [] }],
    [
      '1,201 lines',
      422,
      { ...good, lines: Array.from({ length: 1_201 }, (_, n) => ({ sku: `S${n}`, quantity: 1 })) },
    ],
    ['a quantity of 0', 422, { ...good, lines: [{ sku: 'DB-1040', quantity: 0 }] }],
    ['a quantity of 1.5', 422, { ...good, lines: [{ sku: 'DB-1040', quantity: 1.5 }] }],
    ['a quantity of 100,001', 422, { ...good, lines: [{ sku: 'DB-1040', quantity: 100_001 }] }],
    ['a quantity as text', 422, { ...good, lines: [{ sku: 'DB-1040', quantity: '1' }] }],
    ['a SKU that is not sold', 422, { ...good, lines: [{ sku: 'NOT-SOLD', quantity: 1 }] }],
    ['a SKU twice', 422, { ...good, lines: [...lines, ...lines] }],
    ['no e-mail address', 422, { ...good, customer: { id: customer.id, email: 'nobody' } }],
    ['U+0000 in the customer', 422, { ...good, customer: { id: 'a\0b', email: 'a@example.com' } }],
    ['a lone surrogate in the card', 422, JSON.stringify(good).replace('tok_ok', '\\ud800')],
    ['deep nesting', 422, `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
  ];

  // By name only: Jest takes minutes to print bodies of this size into titles.
  test.each(bad.map(([name]) => name))('%s', async (name) => {
    const [, status, body, headers] = bad.find(([known]) => known === name) ?? bad[0];
    const before = await rowsOf();
    const response = await customer.post(body, headers);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const problem = (await response.json()) as { status: number; detail: string };
    expect([response.status, problem.status]).toEqual([status, status]);
    expect(problem.detail).not.toMatch(/ at .*\.ts|node_modules/);
    expect(await rowsOf()).toBe(before);
  });

  test('prices of the client are ignored', async () => {
    const cheap = { ...good, lines: [{ sku: 'DB-1040', quantity: 1, priceCents: 1 }], totalCents: 1 };
    const accepted = (await (await customer.post(cheap)).json()) as { totalCents: number };
    const [product] = await products('DB-1039', 1);
    expect(accepted.totalCents).toBe(product?.priceCents);
  });

  test('an unknown route: 404, another method: 405 with Allow', async () => {
    const { gateway } = shop();
    expect((await fetch(`${gateway}/nothing`)).status).toBe(404);
    expect((await fetch(`${gateway}/load`)).status).toBe(404);
    const response = await fetch(`${gateway}/orders`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await fetch(`${gateway}/orders/${randomUUID()}`)).status).toBe(404);
    expect((await fetch(`${gateway}/orders/x`)).status).toBe(404);
    expect((await fetch(`${gateway}/products/nothing`)).status).toBe(404);
    expect((await fetch(`${gateway}/stock/nothing`)).status).toBe(404);
    expect((await fetch(`${gateway}/products?limit=0`)).status).toBe(400);
  });

  test('two lengths for one body: 400, and the connection ends', async () => {
    const { hostname, port } = new URL(shop().gateway);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(
      'POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    );
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400/);
  });
});

describe('When a key comes again', () => {
  test('with the same body, then the first answer comes again', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await customer.post(good, headers);
    const again = await customer.post({ lines, card: 'tok_ok', customer: good.customer }, headers);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(await again.text()).toBe(await first.text());
  });

  test('with another body, then it is 422 and nothing changes', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    await customer.post(good, headers);
    const before = await rowsOf();
    expect((await customer.post(customer.order('tok_declined', lines), headers)).status).toBe(422);
    expect(await rowsOf()).toBe(before);
  });

  test('from another customer, then it is another order', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const other = newCustomer();
    const mine = await customer.place('tok_ok', lines, headers);
    const theirs = await other.place('tok_ok', lines, headers);
    expect(theirs.id).not.toBe(mine.id);
  });

  test('50 times at once, then there is one order, and 49 replays of it', async () => {
    const one = newCustomer();
    const headers = { 'idempotency-key': randomUUID() };
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => one.post(one.order('tok_ok', lines), headers)),
    );
    const bodies = new Set(await Promise.all(responses.map((response) => response.text())));
    expect(responses.every(({ status }) => status === 202)).toBe(true);
    expect(bodies.size).toBe(1);
    expect(
      responses.filter((response) => response.headers.get('idempotent-replayed') === 'true'),
    ).toHaveLength(49);
    expect(await rowsOf(one.id)).toBe(2);
  });
});

describe('When the catalogue is read', () => {
  test('then its pages give every product once', async () => {
    const skus: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const response: Response = await fetch(`${shop().gateway}/products?limit=70&after=${next}`);
      const page = (await response.json()) as { items: { sku: string }[]; next: string | null };
      skus.push(...page.items.map(({ sku }) => sku));
      next = page.next;
    }
    expect(skus).toHaveLength(200);
    expect(new Set(skus).size).toBe(200);
  });

  test('again with its ETag, then nothing is sent', async () => {
    const first = await fetch(`${shop().gateway}/products`);
    const etag = first.headers.get('etag') ?? '';
    await first.text();
    const again = await fetch(`${shop().gateway}/products`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});
