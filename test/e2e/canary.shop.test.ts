import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { participants } from '@doorbuster/contracts';
import { afterAll, expect, test } from '@jest/globals';
import { breakReserveStock, mendAfterEach } from '../support/bugs.ts';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { admin, letterOf } from '../support/operator.ts';
import { shop } from '../support/servers.ts';

// What nobody but the customer, the card network and the mail server may ever read: two words that can be found again
// wherever they get to. The number has the form and the check digit of a card's.

const canary = { number: '4000001234567899', word: `canary${randomBytes(6).toString('hex')}` };
const email = `${canary.word}@example.com`;
const lines = [{ sku: 'DB-1063', quantity: 1 }];
const traceId = randomBytes(16).toString('hex');
const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
const cards = [
  `tok_ok_${canary.word}`,
  `tok_declined_${canary.word}`,
  canary.number,
  'tok_ok',
  'tok_declined',
];
const answers: string[] = [];

mendAfterEach();
afterAll(() => expect(answers.length).toBeGreaterThan(0));

/** Places something with the canaries in it, and keeps the answer. */
async function place(body: unknown): Promise<string | undefined> {
  const response = await newCustomer().post(body, { 'idempotency-key': randomUUID(), traceparent });
  const answer = await response.text();
  answers.push(answer);
  return response.status === 202 ? JSON.parse(answer).id : undefined;
}

const order = (card: unknown, more: object = {}) => ({
  customer: { id: randomUUID(), email },
  card,
  lines,
  ...more,
});

/** The names of those texts in which a canary is. */
const singing = (texts: Map<string, string>): string[] =>
  [...texts].flatMap(([name, text]) =>
    text.includes(canary.word) || text.includes(canary.number) ? [name] : [],
  );

const read = async (url: string): Promise<string> => (await fetch(url)).text();

test('When cards and e-mail addresses are in orders, good ones and others, then nobody reads them who need not', async () => {
  const ids: string[] = [];
  for (const card of cards) ids.push((await place(order(card))) ?? '');
  expect(ids).not.toContain('');
  // What is refused has them too: broken, mistyped, or in places where nobody looks for them.
  await place(JSON.stringify(order(canary.number)).slice(0, -20));
  await place(order([canary.number]));
  await place(order({ number: canary.number, email }));
  await place(order('tok_ok', { lines: [{ sku: canary.number, quantity: email }] }));
  await place(
    order('tok_ok', {
      lines: [
        { sku: canary.number, quantity: 1 },
        { sku: email, quantity: 1 },
      ],
    }),
  );
  await place({ ...order('tok_ok'), customer: { id: randomUUID(), email: `${email}@${canary.number}` } });
  await place({ [canary.number]: email });
  // One becomes a dead letter on its way.
  await breakReserveStock(4_243);
  const stuck = await place(order(canary.number, { lines: [{ sku: 'DB-1063', quantity: 4_243 }] }));
  await letterOf('inventory', stuck ?? '');
  const customer = newCustomer();
  for (const id of ids) await customer.ended(id);
  await eventually('the trace is there', async () =>
    (await read(`${shop().jaeger}/api/traces/${traceId}`)).includes('mail.send'),
  );

  const { gateway, jaeger, runDir, consul } = shop();
  const seen = new Map<string, string>();
  for (const file of await readdir(path.join(runDir, 'logs')))
    seen.set(`log ${file}`, await readFile(path.join(runDir, 'logs', file), 'utf8'));
  seen.set('trace', await read(`${jaeger}/api/traces/${traceId}`));
  for (const service of participants) {
    seen.set(`dead letters of ${service}`, await (await admin(`/${service}/dead-letters?limit=500`)).text());
    const found = JSON.parse(await read(`${consul}/v1/health/service/${service}`));
    const { Address, Port } = found[0].Service;
    seen.set(`metrics of ${service}`, await read(`http://${Address}:${Port}/pulse`));
  }
  for (const id of ids) {
    seen.set(`order ${id}`, await read(`${gateway}/orders/${id}`));
    seen.set(`messages of ${id}`, await read(`${gateway}/orders/${id}/messages`));
  }
  for (const [n, answer] of answers.entries()) seen.set(`answer no. ${n + 1}`, answer);
  expect(singing(seen)).toEqual([]);
  expect(seen.get('trace')).toContain('mail.send');
  expect([...seen.keys()].filter((name) => name.startsWith('log ')).length).toBeGreaterThan(6);
});
