import type { Client } from 'pg';

/** What we know of a payment. */
export interface PaymentEntry {
  orderId: string;
  state: string;
  amountCents: number;
  capturedCents: number;
  refundedCents: number;
  /** Who gave the money back by other means, and why. */
  byHand: { by: string; why: string } | null;
}

/** What the acquirer took. */
export interface CaptureEntry {
  key: string;
  orderId: string;
  amountCents: number;
}

export interface RefundEntry {
  orderId: string;
  amountCents: number;
}

export interface AcquirerBooks {
  captures: CaptureEntry[];
  /** How many charges the acquirer declined. */
  declined: number;
  refunds: RefundEntry[];
  /** The orders under which nothing can be charged any more, with what the acquirer says it gave back. */
  closures: (RefundEntry & { capturedCents: number })[];
}

/** Reads our own books of payments. */
export async function readPayments(database: Client): Promise<PaymentEntry[]> {
  const { rows } = await database.query<PaymentEntry>(
    `select order_id::text as "orderId", state, amount_cents as "amountCents", captured_cents as "capturedCents",
            refunded_cents as "refundedCents", by_hand as "byHand" from payments`,
  );
  return rows;
}

/** Reads the card network's books, which are not ours. */
export async function readAcquirer(database: Client): Promise<AcquirerBooks> {
  const { rows: captures } = await database.query<CaptureEntry>(
    `select key, order_id::text as "orderId", amount_cents as "amountCents" from charges where state = 'captured'`,
  );
  const { rows: refused } = await database.query<{ count: number }>(
    `select count(*) as count from charges where state = 'declined'`,
  );
  const { rows: refunds } = await database.query<RefundEntry>(
    'select order_id::text as "orderId", amount_cents as "amountCents" from refunds',
  );
  const { rows: closures } = await database.query<RefundEntry & { capturedCents: number }>(
    `select order_id::text as "orderId", captured_cents as "capturedCents", refunded_cents as "amountCents"
     from closures`,
  );
  return { captures, declined: refused[0]?.count ?? 0, refunds, closures };
}
