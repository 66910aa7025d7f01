// I2: at most one capture per order, at the acquirer too; refunds ≤ captures.
import type { Books } from '../books.ts';
import type { Finding, Invariant } from '../invariant.ts';
import { count, counted, money, sum } from '../words.ts';

export const oneCapture: Invariant = {
  id: 'I2',
  name: 'at most one capture per order; refunds ≤ captures',
  judge: (books) => ({
    evidence: evidence(books),
    findings: [...charged(books), ...refunded(books), ...booked(books)],
  }),
};

function evidence({ acquirer: { captures, declined, refunds } }: Books): string {
  const orders = new Set(captures.map(({ orderId }) => orderId)).size;
  const back = sum(refunds, ({ amountCents }) => amountCents);
  return (
    `${counted(captures.length, 'capture')} for ${counted(orders, 'order')}, ${count(declined)} declined; ` +
    `${counted(refunds.length, 'refund')} of ${money(back)}`
  );
}

/** The amounts that the acquirer took under each order. */
export function capturesOf({ acquirer }: Books): Map<string, number[]> {
  const captures = new Map<string, number[]>();
  for (const { orderId, amountCents } of acquirer.captures) {
    captures.set(orderId, [...(captures.get(orderId) ?? []), amountCents]);
  }
  return captures;
}

/** What the acquirer gave back under each order. */
export function refundsOf({ acquirer }: Books): Map<string, number> {
  const refunds = new Map<string, number>();
  for (const { orderId, amountCents } of acquirer.refunds) {
    refunds.set(orderId, (refunds.get(orderId) ?? 0) + amountCents);
  }
  return refunds;
}

function* charged(books: Books): Generator<Finding> {
  for (const [orderId, amounts] of capturesOf(books)) {
    if (amounts.length === 1) continue;
    const list = amounts.map(money).join(' + ');
    yield {
      subject: orderId,
      text: `order ${orderId}: the acquirer captured ${amounts.length} times, ${list}`,
    };
  }
}

function* refunded(books: Books): Generator<Finding> {
  const captures = capturesOf(books);
  const closed = new Map(books.acquirer.closures.map((closure) => [closure.orderId, closure.amountCents]));
  const refunds = refundsOf(books);
  for (const orderId of new Set([...refunds.keys(), ...closed.keys()])) {
    const taken = sum(captures.get(orderId) ?? [], (amount) => amount);
    const back = Math.max(refunds.get(orderId) ?? 0, closed.get(orderId) ?? 0);
    if (back <= taken) continue;
    yield {
      subject: orderId,
      text: `order ${orderId}: refunded ${money(back)}, captured only ${money(taken)}`,
    };
  }
}

/** Our own books must not hold an order twice either, nor give back more than they took. */
function* booked({ payments }: Books): Generator<Finding> {
  const seen = new Set<string>();
  for (const { orderId, capturedCents, refundedCents } of payments) {
    if (seen.has(orderId)) yield { subject: orderId, text: `order ${orderId} has more than one payment` };
    seen.add(orderId);
    if (refundedCents <= capturedCents) continue;
    const text = `order ${orderId}: payment refunded ${money(refundedCents)}, captured ${money(capturedCents)}`;
    yield { subject: orderId, text };
  }
}
