import { ParkedEffect } from '@doorbuster/contracts';
import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { z } from 'zod';
import { available, newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { admin, signed } from '../support/operator.ts';
import { shop } from '../support/servers.ts';

const customer = newCustomer();
const [sku, otherSku] = ['DB-1000', 'DB-1001'] as const;

const Parked = z.object({ items: z.array(ParkedEffect) });
const Mails = z.object({
  items: z.array(z.object({ orderId: z.string(), subject: z.string(), recipient: z.string() })),
});

/** The mails of an order, by the mail server's own books. */
const mailsOf = (orderId: string) =>
  eventually('a mail is there', async () => {
    const { items } = Mails.parse(await (await fetch(`${shop().mailbox}/messages?limit=1000`)).json());
    const mine = items.filter((mail) => mail.orderId === orderId);
    return mine.length > 0 && mine;
  });

/** What the card network has taken and given back, by its own books. */
async function bookedFor(orderId: string) {
  const client = new pg.Client({ connectionString: shop().postgres['acquirer'] });
  await client.connect();
  const { rows } = await client.query(
    `select (select coalesce(sum(amount_cents), 0)::int from charges where order_id = $1 and state = 'captured') as captured,
            (select coalesce(sum(amount_cents), 0)::int from refunds where order_id = $1) as refunded`,
    [orderId],
  );
  await client.end();
  return rows[0];
}

const received = ({ timeline }: { timeline: { received: string }[] }) =>
  timeline.map((entry) => entry.received);

describe('When an order is placed', () => {
  test('with a good card, then it is confirmed, paid once, taken off the shelf and mailed', async () => {
    const before = await available(sku);
    const accepted = await customer.place('tok_ok', [{ sku, quantity: 2 }]);
    const ended = await customer.ended(accepted.id);
    expect(ended).toMatchObject({ status: 'confirmed', state: 'completed', totalCents: accepted.totalCents });
    expect(received(ended)).toEqual(['PlaceOrder', 'StockReserved', 'PaymentCaptured', 'StockCommitted']);
    expect(await bookedFor(accepted.id)).toEqual({ captured: accepted.totalCents, refunded: 0 });
    expect(await available(sku)).toBe(before - 2);
    const mails = await mailsOf(accepted.id);
    expect(mails).toEqual([
      { orderId: accepted.id, recipient: customer.email, subject: `Your order ${accepted.id} is confirmed` },
    ]);
  });

  test('for more than there is, then it is rejected whole and holds nothing', async () => {
    const before = await available(otherSku);
    const { id } = await customer.place('tok_ok', [
      { sku: otherSku, quantity: 1 },
      ...Array.from({ length: 12 }, (_, n) => ({ sku: `DB-${1002 + n}`, quantity: 100_000 })),
    ]);
    const first = await customer.ended(id);
    expect(first).toMatchObject({ status: 'confirmed' });
    const short = [];
    for (let n = 0; n < 10; n++) {
      const order = await customer.place('tok_ok', [
        { sku: otherSku, quantity: 1 },
        { sku: 'DB-1002', quantity: 100_000 },
      ]);
      short.push(await customer.ended(order.id));
    }
    const rejected = short.filter(({ status }) => status === 'cancelled');
    expect(rejected.length).toBeGreaterThan(0);
    expect(rejected.every(({ reason }) => reason === 'out-of-stock')).toBe(true);
    expect(await available(otherSku)).toBe(before - 1 - (short.length - rejected.length));
    expect(await available('DB-1002')).toBe(0);
    expect(await bookedFor(rejected[0]?.id ?? '')).toEqual({ captured: 0, refunded: 0 });
  });

  test('with a card that is declined, then the stock goes back and nothing is taken', async () => {
    const before = await available('DB-1020');
    const { id } = await customer.place('tok_declined', [{ sku: 'DB-1020', quantity: 3 }]);
    const ended = await customer.ended(id);
    expect(ended).toMatchObject({ status: 'cancelled', reason: 'card-declined', refundedCents: 0 });
    expect(received(ended)).toEqual(['PlaceOrder', 'StockReserved', 'PaymentDeclined', 'StockReleased']);
    expect(await available('DB-1020')).toBe(before);
    expect(await bookedFor(id)).toEqual({ captured: 0, refunded: 0 });
    expect((await mailsOf(id))[0]?.subject).toBe(`Your order ${id} is cancelled`);
  });

  test('with a slow card, then it waits and is confirmed', async () => {
    const { id } = await customer.place('tok_slow', [{ sku, quantity: 1 }]);
    expect(await customer.ended(id)).toMatchObject({ status: 'confirmed' });
  });

  test('and the answer of the card is lost, then the charge is looked up and taken once', async () => {
    const { id, totalCents } = await customer.place('tok_lost', [{ sku, quantity: 1 }]);
    expect(await customer.ended(id)).toMatchObject({ status: 'confirmed' });
    expect(await bookedFor(id)).toEqual({ captured: totalCents, refunded: 0 });
  });

  test('and the money was taken when the saga had timed out, then it is given back', async () => {
    const { id, totalCents } = await customer.place('tok_late', [{ sku: 'DB-1021', quantity: 1 }]);
    const ended = await customer.ended(id);
    expect(ended).toMatchObject({
      status: 'cancelled',
      reason: 'payment-timed-out',
      refundedCents: totalCents,
    });
    expect(received(ended).slice(0, 3)).toEqual(['PlaceOrder', 'StockReserved', 'TimedOut']);
    expect(await bookedFor(id)).toEqual({ captured: totalCents, refunded: totalCents });
    expect((await mailsOf(id))[0]?.subject).toBe(`Your order ${id} is cancelled`);
  });

  test('and the refund fails for good, then it is parked where it is seen, and can still be made', async () => {
    const { id, totalCents } = await customer.place('tok_refund_fails', [{ sku: 'DB-1022', quantity: 1 }]);
    const parked = () => admin('/sagas').then(async (response) => Parked.parse(await response.json()).items);
    await eventually('the refund is parked', async () =>
      (await parked()).some(({ orderId }) => orderId === id),
    );
    expect(await customer.look(id)).toMatchObject({ status: 'open', state: 'closing' });

    const knobs = { method: 'PUT', headers: { 'content-type': 'application/json' } };
    await fetch(`${shop().acquirer}/knobs`, { ...knobs, body: JSON.stringify({ refundsFail: false }) });
    expect((await admin(`/sagas/${id}/retry`, signed)).status).toBe(202);
    expect(await customer.ended(id)).toMatchObject({ status: 'cancelled', refundedCents: totalCents });
    await fetch(`${shop().acquirer}/knobs`, { ...knobs, body: JSON.stringify({ refundsFail: true }) });
    expect(await bookedFor(id)).toEqual({ captured: totalCents, refunded: totalCents });
  });
});
