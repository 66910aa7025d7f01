// I5: money. Always: each confirmed order is captured exactly once, at exactly its total;
// confirmed ≤ captured − refunded ≤ confirmed + open. When quiet: captured − refunded = confirmed.

import type { OrderEntry } from '../books/orders.ts';
import type { PaymentEntry } from '../books/payments.ts';
import { type Books, isConfirmed, isTerminal, parkedOrders } from '../books.ts';
import type { Finding, Invariant } from '../invariant.ts';
import { counted, money, sum } from '../words.ts';
import { capturesOf, refundsOf } from './i2-one-capture.ts';

export const moneyAddsUp: Invariant = {
  id: 'I5',
  name: 'every penny: captured − refunded = confirmed',
  judge(books) {
    const ledger = readLedger(books);
    return {
      evidence: evidence(books, ledger),
      findings: [...perOrder(books, ledger), ...strangers(books, ledger), ...balance(books, ledger)],
    };
  },
};

/** The acquirer's books, by order and in all. */
interface Ledger {
  captures: Map<string, number[]>;
  refunds: Map<string, number>;
  captured: number;
  refunded: number;
  confirmed: OrderEntry[];
  confirmedCents: number;
  openCents: number;
  /** What was taken for orders that cannot stand and whose refund is parked: seen, and to be resolved by hand. */
  heldCents: number;
  /** What operators gave back by other means, where the acquirer would not: its own books do not know of it. */
  byHand: PaymentEntry[];
  byHandCents: number;
}

const netOf = ({ captures, refunds }: Pick<Ledger, 'captures' | 'refunds'>, id: string): number =>
  sum(captures.get(id) ?? [], (amount) => amount) - (refunds.get(id) ?? 0);

function readLedger(books: Books): Ledger {
  const { acquirer, order } = books;
  const [captures, refunds, parked] = [capturesOf(books), refundsOf(books), parkedOrders(books)];
  const confirmed = order.orders.filter(isConfirmed);
  const open = order.orders.filter(
    (entry) => !isTerminal(entry) && !isConfirmed(entry) && !parked.has(entry.id),
  );
  const byHand = books.payments.filter((payment) => payment.byHand !== null);
  return {
    captures,
    refunds,
    byHand,
    byHandCents: sum(byHand, ({ refundedCents }) => refundedCents),
    captured: sum(acquirer.captures, ({ amountCents }) => amountCents),
    refunded: sum(acquirer.refunds, ({ amountCents }) => amountCents),
    confirmed,
    confirmedCents: sum(confirmed, ({ totalCents }) => totalCents),
    openCents: sum(open, ({ totalCents }) => totalCents),
    heldCents: sum(parked, (id) => netOf({ captures, refunds }, id)),
  };
}

function evidence({ isQuiet }: Books, ledger: Ledger): string {
  const { captured, refunded, confirmed, confirmedCents, openCents, heldCents, byHand, byHandCents } = ledger;
  const net = captured - refunded;
  const owed = confirmedCents + heldCents + byHandCents;
  const isEven = net === owed;
  return [
    `captured ${money(captured)} − refunded ${money(refunded)} ${isEven ? '=' : isQuiet ? '≠' : 'is'} `,
    isEven || isQuiet ? '' : `${money(net)}, between `,
    `confirmed ${money(confirmedCents)}`,
    heldCents === 0 ? '' : ` + held by parked refunds ${money(heldCents)}`,
    byHand.length === 0
      ? ''
      : ` + given back by hand ${money(byHandCents)} (${counted(byHand.length, 'order')})`,
    isEven || isQuiet ? '' : ` and ${money(owed + openCents)} with what is open`,
    `, ${counted(confirmed.length, 'order')}`,
  ].join('');
}

/** Three books tell of each order: ours of orders, ours of payments, and the acquirer's. They agree to the penny. */
function* perOrder(books: Books, ledger: Ledger): Generator<Finding> {
  const payments = new Map(books.payments.map((payment) => [payment.orderId, payment]));
  const parked = parkedOrders(books);
  for (const order of books.order.orders) {
    const payment = payments.get(order.id);
    const isWrong = isConfirmed(order)
      ? !isPaid(order, payment, ledger)
      : order.state === 'cancelled' && !parked.has(order.id) && !isUnpaid(order, payment, ledger);
    if (isWrong) yield { subject: order.id, text: describe(order, payment, ledger) };
  }
}

function isPaid({ id, totalCents }: OrderEntry, payment: PaymentEntry | undefined, ledger: Ledger): boolean {
  const charged = ledger.captures.get(id) ?? [];
  return (
    charged.length === 1 &&
    charged[0] === totalCents &&
    (ledger.refunds.get(id) ?? 0) === 0 &&
    payment?.amountCents === totalCents &&
    payment.capturedCents === totalCents &&
    payment.refundedCents === 0
  );
}

/** Nothing is kept of a cancelled order, and whoever keeps books says the same about what went and came back. */
function isUnpaid(
  { id, totalCents, refundedCents }: OrderEntry,
  payment: PaymentEntry | undefined,
  ledger: Ledger,
) {
  const charged = sum(ledger.captures.get(id) ?? [], (amount) => amount);
  const refunded = ledger.refunds.get(id) ?? 0;
  if (payment?.byHand) {
    return charged - refunded === payment.refundedCents && refundedCents === payment.refundedCents;
  }
  const says = payment ?? { amountCents: 0, capturedCents: 0, refundedCents: 0 };
  return (
    charged === refunded &&
    refundedCents === refunded &&
    says.capturedCents === charged &&
    says.refundedCents === refunded &&
    (says.amountCents === totalCents || says.amountCents === 0)
  );
}

function describe(
  order: OrderEntry,
  payment: PaymentEntry | undefined,
  { captures, refunds }: Ledger,
): string {
  const { id, state, totalCents, refundedCents } = order;
  const minus = (cents: number) => (cents === 0 ? '' : ` − ${money(cents)}`);
  const charges = captures.get(id) ?? [];
  const acquirer = charges.length === 0 ? 'nothing' : charges.map(money).join(' + ');
  const captured = payment?.capturedCents ?? 0;
  const difference = captured === payment?.amountCents ? '' : ` (captured ${money(captured)})`;
  const own =
    payment === undefined
      ? 'nothing'
      : `${money(payment.amountCents)}${difference}${minus(payment.refundedCents)}${payment.byHand ? ' by hand' : ''}`;
  return (
    `order ${id} (${state}): payment says ${own}, acquirer says ${acquirer}${minus(refunds.get(id) ?? 0)}, ` +
    `order says ${money(totalCents)}${minus(refundedCents)}`
  );
}

/** Money taken under an order that does not exist is the worst kind. */
function* strangers({ order }: Books, { captures }: Ledger): Generator<Finding> {
  const known = new Set(order.orders.map(({ id }) => id));
  for (const [id, amounts] of captures) {
    if (known.has(id)) continue;
    yield {
      subject: id,
      text: `order ${id}: acquirer says ${amounts.map(money).join(' + ')}, no order book knows it`,
    };
  }
}

function* balance({ isQuiet }: Books, ledger: Ledger): Generator<Finding> {
  const { captured, refunded, confirmedCents, heldCents, byHandCents } = ledger;
  const excess = captured - refunded - confirmedCents - heldCents - byHandCents;
  if (isQuiet && excess !== 0) {
    yield {
      subject: 'balance',
      text: `${money(Math.abs(excess))} ${excess > 0 ? 'taken for nothing' : 'missing'}`,
    };
  }
}
