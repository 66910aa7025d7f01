import { keysOf, rows, type Store, type Tx } from '@doorbuster/pipeline';
import { type Answer, type Payment, unpaid } from './payment.ts';

type Row = Payment & { orderId: string };

/** How payments are kept. */
export const store: Store<Payment, never, Answer> = {
  async load(tx, inputs) {
    const unit = rows<Row>({
      found: await lockPayments(tx, keysOf(inputs)),
      initial: (orderId) => ({ ...unpaid, orderId }),
      insert: insertPayments,
      update: updatePayments,
    });
    return { ...unit, set: (input, payment) => unit.set(input, { ...payment, orderId: input.key }) };
  },
};

/** What was asked for under an order; undefined where nothing was. Takes no lock. */
export async function readAmountCents(database: Tx, orderId: string): Promise<number | undefined> {
  const { rows } = await database.query<{ amountCents: number }>(
    'select amount_cents as "amountCents" from payments where order_id = $1',
    [orderId],
  );
  return rows[0]?.amountCents;
}

async function lockPayments(tx: Tx, orderIds: string[]): Promise<Map<string, Row>> {
  const { rows } = await tx.query<Row>({
    name: 'payments.lock',
    text: `select order_id as "orderId", state, version, amount_cents as "amountCents",
             captured_cents as "capturedCents", refunded_cents as "refundedCents", reason,
             by_hand as "byHand"
           from payments where order_id = any($1::uuid[]) order by order_id for update`,
    values: [orderIds],
  });
  return new Map(rows.map((row) => [row.orderId, row]));
}

async function insertPayments(tx: Tx, payments: Row[]): Promise<void> {
  await tx.query({
    name: 'payments.insert',
    text: `insert into payments (order_id, state, version, amount_cents, captured_cents, refunded_cents, reason,
             by_hand)
           select * from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[],
                                $8::jsonb[])`,
    values: columns(payments),
  });
}

async function updatePayments(tx: Tx, payments: Row[]): Promise<void> {
  await tx.query({
    name: 'payments.update',
    text: `update payments set state = new.state, version = new.version, amount_cents = new.amount,
             captured_cents = new.captured, refunded_cents = new.refunded, reason = new.reason,
             by_hand = new.by_hand
           from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[],
                       $8::jsonb[]) as new (order_id, state, version, amount, captured, refunded, reason, by_hand)
           where payments.order_id = new.order_id`,
    values: columns(payments),
  });
}

const columns = (payments: Row[]) => [
  payments.map(({ orderId }) => orderId),
  payments.map(({ state }) => state),
  payments.map(({ version }) => version),
  payments.map(({ amountCents }) => amountCents),
  payments.map(({ capturedCents }) => capturedCents),
  payments.map(({ refundedCents }) => refundedCents),
  payments.map(({ reason }) => reason),
  payments.map(({ byHand }) => byHand && JSON.stringify(byHand)),
];
