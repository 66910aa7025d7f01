import type { Database } from '@doorbuster/stack';
import pg from 'pg';

/** Ids as of some years ago, one after the other, and what every old order has. */
const old = `(select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id, n,
                     'customer-' || (n % 1000 + 1) as customer, 'old@example.com' as email
              from generate_series(1, $1::int) as n) as old`;
const sku = 'BENCH-0001';
const cents = 199;
const lines = `[{"sku": "${sku}", "quantity": 1, "priceCents": ${cents}}]`;

const inbox = (messages: string) =>
  `insert into inbox (message_id, key, type, received_at)
   select id || message, id, type, now() - interval '1 day'
   from ${old}, (values ${messages}) as came (message, type)`;

/** What a completed order leaves in each database of the shop. */
const leftovers: Record<Database, string[]> = {
  order: [
    `insert into orders (id, customer_id, email, card, lines, total_cents, placed_at, state, version, retries)
     select id, customer, email, 'tok_ok', '${lines}', ${cents}, now() - interval '1 day', 'completed', 4, 0
     from ${old}`,
    `insert into idempotency (customer_id, key, body_hash, order_id)
     select customer, 'old-' || n, '\\x00', id from ${old}`,
    `insert into inbox (message_id, key, type, received_at, version, state, sent)
     select id || message, id, type, now() - interval '1 day', version, state, sent
     from ${old}, (values ('/PlaceOrder/1', 'PlaceOrder', 1, 'reserving', '{ReserveStock}'::text[]),
                          ('/inventory/1/0', 'StockReserved', 2, 'paying', '{CapturePayment}'),
                          ('/payment/2/0', 'PaymentCaptured', 3, 'confirmed', '{OrderConfirmed}'),
                          ('/inventory/2/0', 'StockCommitted', 4, 'completed', '{}'))
            as came (message, type, version, state, sent)`,
  ],
  inventory: [
    `insert into reservations (order_id, state, version, lines, short)
     select id, 'committed', 2, '[{"sku": "${sku}", "quantity": 1}]', '[]' from ${old}`,
    `update stock set on_hand = on_hand - $1::int, sold = sold + $1::int where sku = '${sku}'`,
    inbox(`('/order/1/0', 'ReserveStock'), ('/order/3/0', 'OrderConfirmed')`),
  ],
  payment: [
    `insert into payments (order_id, state, version, amount_cents, captured_cents, refunded_cents)
     select id, 'captured', 2, ${cents}, ${cents}, 0 from ${old}`,
    inbox(`('/order/2/0', 'CapturePayment')`),
  ],
  notification: [
    `insert into notifications (order_id, kind, state, version, email)
     select id, 'confirmed', 'recorded', 1, email from ${old}`,
    inbox(`('/order/3/0', 'OrderConfirmed')`),
  ],
  acquirer: [
    `insert into charges (key, order_id, amount_cents, currency, card, state)
     select id || ':acquirer.capture', id, ${cents}, 'GBP', 'tok_ok', 'captured' from ${old}`,
  ],
};

/** Fills the shop's databases with what so many completed orders leave, as if it had been open for long. */
export async function leaveOldOrders(postgres: Record<Database, string>, orders: number): Promise<void> {
  for (const [name, url] of Object.entries(postgres)) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      for (const text of leftovers[name as Database]) await client.query(text, [orders]);
      await client.query('vacuum analyze');
      await client.query('checkpoint');
    } finally {
      await client.end();
    }
  }
}
