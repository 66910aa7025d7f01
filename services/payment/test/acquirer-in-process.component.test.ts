import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { EffectHandler } from '@doorbuster/pipeline';
import { createPool } from '@doorbuster/service';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { servers } from '../../../test/support/servers.ts';
import { inProcessAcquirerEffects } from '../src/acquirer-in-process.ts';
import type { Answer } from '../src/payment.ts';

const name = `acquirer_${randomUUID().replaceAll('-', '')}`;
const schema = new URL('../../acquirer/migrations/0001_acquirer.sql', import.meta.url);

let admin: pg.Client;
let books: pg.Pool;
let effects: Record<string, EffectHandler<Answer>>;

beforeAll(async () => {
  const { acquirer } = servers().postgres;
  admin = new pg.Client(acquirer);
  await admin.connect();
  await admin.query(`create database ${name}`);
  const own = new URL(acquirer ?? '');
  own.pathname = name;
  books = createPool(own.href, 2, pino({ level: 'silent' }));
  await books.query(await readFile(schema, 'utf8'));
  effects = inProcessAcquirerEffects(books);
});

afterAll(async () => {
  await books.end();
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
});

async function perform(type: string, orderId: string, data: Record<string, unknown> = {}): Promise<Answer> {
  const handler = effects[type];
  if (handler === undefined) throw new Error(`There is no ${type}`);
  return handler.call({ key: `${orderId}:${type}`, orderId, data, attempt: 1 });
}

const capture = (orderId: string, card = 'tok_ok', amountCents = 1_231) =>
  perform('acquirer.capture', orderId, { amountCents, currency: 'GBP', card });
const chargesOf = async (orderIds: string[]): Promise<number> => {
  const { rows } = await books.query(
    `select count(*)::int as n from charges where state = 'captured' and order_id = any($1::uuid[])`,
    [orderIds],
  );
  return rows[0].n;
};

test('When many are charged at once, then each gets its own answer and its own row', async () => {
  const orders = Array.from({ length: 100 }, (_, n) => ({ id: uuidv7(), cents: n + 1 }));
  const answers = await Promise.all(orders.map(({ id, cents }) => capture(id, 'tok_ok', cents)));
  expect(answers).toEqual(orders.map(({ cents }) => ({ kind: 'captured', amountCents: cents })));
  expect(await chargesOf(orders.map(({ id }) => id))).toBe(100);
});

test('When a charge is asked for again, then it is the same charge, also within one batch', async () => {
  const orderId = uuidv7();
  const answers = await Promise.all([capture(orderId), capture(orderId), capture(orderId)]);
  expect([...answers, await capture(orderId)]).toEqual(
    Array.from({ length: 4 }, () => ({ kind: 'captured', amountCents: 1_231 })),
  );
  expect(await chargesOf([orderId])).toBe(1);
});

test('When a card is declined or unknown, then it says why and takes nothing', async () => {
  const [declined, unknown] = [uuidv7(), uuidv7()];
  expect(await Promise.all([capture(declined, 'tok_declined'), capture(unknown, 'gold')])).toEqual([
    { kind: 'declined', reason: 'insufficient funds' },
    { kind: 'declined', reason: 'unknown card' },
  ]);
  expect(await chargesOf([declined, unknown])).toBe(0);
});

test('When an order is closed, then what was taken is given back once, and a late charge is refused', async () => {
  const [paid, unpaid] = [uuidv7(), uuidv7()];
  await capture(paid);
  const closed = { kind: 'closed', capturedCents: 1_231, refundedCents: 1_231 };
  expect(await perform('acquirer.close', paid)).toEqual(closed);
  expect(await perform('acquirer.close', paid)).toEqual(closed);
  expect(await perform('acquirer.close', unpaid)).toEqual({ ...closed, capturedCents: 0, refundedCents: 0 });
  expect(await capture(unpaid)).toEqual({ kind: 'declined', reason: 'order closed' });
});

test('When nobody listens where the books are, then that says nothing about the charge', async () => {
  const nobody = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/books' });
  const away = inProcessAcquirerEffects(nobody)['acquirer.capture'];
  const orderId = uuidv7();
  const data = { amountCents: 1, currency: 'GBP', card: 'tok_ok' };
  await expect(away?.call({ key: orderId, orderId, data, attempt: 1 })).rejects.toMatchObject({
    name: 'NotThere',
  });
  await nobody.end();
});
