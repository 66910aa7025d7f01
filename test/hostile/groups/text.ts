import { OrderView } from '@doorbuster/contracts';
import { z } from 'zod';
import { newCustomer } from '../../support/customer.ts';
import { type Case, type Group, request } from '../case.ts';
import type { Door } from '../doors.ts';
import { wicked } from '../payloads.ts';

const Accepted = z.object({ id: z.string(), customerId: z.string() });
/** A customer's id and a card are texts of 64 characters. */
const short = wicked.filter((text) => text.length <= 64);

const order = (id: string, card: string) =>
  JSON.stringify({
    customer: { id, email: 'hostile@example.com' },
    card,
    lines: [{ sku: 'DB-1050', quantity: 1 }],
    // What all objects share, and what nobody asked for.
    __proto__: undefined,
    constructor: { prototype: { polluted: true } },
  }).replace('{', '{"__proto__":{"polluted":true,"card":"tok_ok"},');

/** Text that is wicked and allowed all the same: it goes through every database, and comes back as what it is. */
export const text: Group = {
  id: 'text',
  title: 'orders whose texts are injections, which are allowed: stored as they are, and nothing happens',
  cases: ({ doors }) =>
    doors
      .filter(({ name }) => name === 'gateway')
      .flatMap((door) =>
        short.flatMap((value) => [
          place(door, value, 'tok_ok', 'customer'),
          place(door, `hostile ${value}`.slice(0, 64), value, 'card'),
        ]),
      ),
  async settle({ info }, heard) {
    const complaints: string[] = [];
    const customer = newCustomer(info.gateway);
    for (const [one, { answers }] of heard) {
      const body = Buffer.from(answers[0]?.body ?? '', 'latin1').toString('utf8');
      const { id } = Accepted.parse(JSON.parse(body));
      const ended = OrderView.parse(await customer.ended(id));
      const sent = z
        .object({ customer: z.object({ id: z.string() }) })
        .parse(JSON.parse(String(one.sent.pieces[1])));
      if (ended.customerId !== sent.customer.id)
        complaints.push(`${JSON.stringify(sent.customer.id)} came back as ${ended.customerId}`);
    }
    return complaints;
  },
};

function place(door: Door, id: string, card: string, field: string): Case {
  const key = `hostile ${field} ${Buffer.from(id).toString('hex').slice(0, 80)}`;
  const sent = request(door, 'POST', '/orders', {
    headers: { 'Idempotency-Key': key },
    body: order(id, card),
  });
  const value = field === 'card' ? card : id;
  return {
    door,
    name: `POST /orders with ${field} ${JSON.stringify(value)}`,
    sent,
    expected: { statuses: [202] },
  };
}
