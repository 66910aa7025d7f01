import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPool } from '@doorbuster/service';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { catalogueOf } from '../../../../services/order/src/catalogue.ts';
import { servers } from '../../../support/servers.ts';
import { createMonolith } from './app.ts';
import { checkBooks } from './check-books.ts';
import { fillDatabase } from './database.ts';

const stock = 10;
const log = pino({ level: 'silent' });
const name = `monolith_${randomUUID().replaceAll('-', '')}`;
const customer = { id: 'ann', email: 'ann@example.com' };

/** What a client's history says besides the order. */
const nobody = { key: '', customerId: '', status: 201, replayed: false, at: '' };
/** The orders that were promised in this file. */
const told: string[] = [];

let admin: pg.Client;
let database: pg.Pool;
let server: Server;
let url: string;

beforeAll(async () => {
  const { order } = servers().postgres;
  admin = new pg.Client(order);
  await admin.connect();
  await admin.query(`create database ${name}`);
  const own = new URL(order ?? '');
  own.pathname = name;
  database = createPool(own.href, 4, log);
  const csv = 'sku,name,price_cents\nA,Apron,150\nB,Bowl,300\n';
  const catalogue = catalogueOf(await fillDatabase(database, csv, stock));
  server = createServer(createMonolith({ database, catalogue, inFlightMax: 50, log })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await database.end();
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
});

async function post(lines: object[], { key = String(randomUUID()), card = 'tok_ok' } = {}) {
  const body = JSON.stringify({ customer, card, lines });
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const response = await fetch(url, { method: 'POST', headers, body });
  const answer: Record<string, unknown> = Object(await response.json());
  if (response.ok) told.push(String(answer['id']));
  return {
    status: response.status,
    isReplay: response.headers.get('idempotent-replayed') === 'true',
    answer,
  };
}

const count = async (text: string): Promise<number> => (await database.query(text)).rows[0].n;
const onHand = (sku: string) => count(`select on_hand as n from products where sku = '${sku}'`);
const charges = () => count(`select count(*) as n from charges where state = 'captured'`);

test('When an order is placed, then it is confirmed, paid, told of and taken off the shelf in one answer', async () => {
  const [before, paid] = [await onHand('A'), await charges()];
  const { status, answer } = await post([{ sku: 'A', quantity: 2 }]);
  expect([status, answer['status'], answer['totalCents']]).toEqual([201, 'confirmed', 300]);
  expect([await onHand('A'), await charges()]).toEqual([before - 2, paid + 1]);
  const rows = `select count(*) as n from notifications where order_id = '${answer['id']}' and kind = 'confirmed'`;
  expect(await count(rows)).toBe(1);
});

test('When a key comes again, then the answer is the same and nothing happens twice', async () => {
  const key = randomUUID();
  const first = await post([{ sku: 'B', quantity: 1 }], { key });
  const [left, paid] = [await onHand('B'), await charges()];
  const again = await post([{ sku: 'B', quantity: 1 }], { key });
  expect([again.status, again.isReplay, again.answer]).toEqual([201, true, first.answer]);
  const other = await post([{ sku: 'B', quantity: 2 }], { key });
  expect(other.status).toBe(422);
  expect([await onHand('B'), await charges()]).toEqual([left, paid]);
});

test('When one key comes many times at once, then it is one order', async () => {
  const key = randomUUID();
  const paid = await charges();
  const all = await Promise.all(Array.from({ length: 8 }, () => post([{ sku: 'A', quantity: 1 }], { key })));
  expect(new Set(all.map(({ answer }) => answer['id'])).size).toBe(1);
  expect(all.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
  expect(await charges()).toBe(paid + 1);
});

test('When there is too little of one line, or the card is declined, then nothing is taken', async () => {
  const before = [await onHand('A'), await onHand('B'), await charges()];
  const short = await post([
    { sku: 'A', quantity: 1 },
    { sku: 'B', quantity: stock + 1 },
  ]);
  const declined = await post([{ sku: 'A', quantity: 1 }], { card: 'tok_declined' });
  expect([short, declined].map(({ status, answer }) => [status, answer['status']])).toEqual([
    [201, 'cancelled'],
    [201, 'cancelled'],
  ]);
  expect([await onHand('A'), await onHand('B'), await charges()]).toEqual(before);
});

test('When a body or a key makes no sense, then it is refused and nothing is kept', async () => {
  const orders = await count('select count(*) as n from orders');
  const answers = [
    await post([{ sku: 'NONE', quantity: 1 }]),
    await post([]),
    await post([{ sku: 'A', quantity: 0 }]),
    await post([{ sku: 'A', quantity: 1 }], { key: 'x'.repeat(129) }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 400]);
  expect(await count('select count(*) as n from orders')).toBe(orders);
});

test('When the books are checked, then they hold, and a penny that is missing is found', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'doorbuster-monolith-'));
  const file = path.join(folder, 'clients.jsonl');
  const lines = told.map((orderId) => ({ ...nobody, orderId, outcome: 'ok' }));
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  expect(await checkBooks(database, file)).toMatchObject({ holds: true });
  await database.query(`update charges set amount_cents = amount_cents - 1
                        where key = (select key from charges where state = 'captured' limit 1)`);
  expect(await checkBooks(database, file)).toMatchObject({ holds: false });
  await rm(folder, { recursive: true });
});
