import {
  type CancelReason,
  CURRENCY,
  type Customer,
  type Message,
  type MessageType,
  type PricedLine,
} from '@doorbuster/contracts';
import { ended, type Saga, words } from '@doorbuster/saga';

/** What the saga knows about its order, and all that its messages are built from. */
export interface Facts {
  readonly orderId: string;
  readonly customer: Customer;
  readonly card: string;
  readonly lines: readonly PricedLine[];
  readonly totalCents: number;
  readonly reason: CancelReason | null;
  readonly refundedCents: number;
}

export type State =
  | 'reserving' // waits for the stock
  | 'paying' // waits for the money
  | 'confirmed' // past the pivot: the money is taken, the stock has yet to leave the shelf
  | 'completed'
  | 'cancelling' // waits for both to be given back
  | 'releasing' // waits for the stock to be given back
  | 'closing' // waits for the money to be given back
  | 'cancelled';

/** What can move the saga. A time-out is a message like any other. */
export const triggers = [
  'StockReserved',
  'StockRejected',
  'StockReleased',
  'StockCommitted',
  'PaymentCaptured',
  'PaymentDeclined',
  'PaymentClosed',
  'TimedOut',
] as const satisfies (MessageType | 'TimedOut')[];
export type Trigger = (typeof triggers)[number];

// Each step and, beside it, what takes it back.

const reserveStock = ({ orderId, lines }: Facts): Message => ({
  type: 'ReserveStock',
  data: { orderId, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) },
});
const releaseStock = ({ orderId }: Facts): Message => ({ type: 'ReleaseStock', data: { orderId } });

const capturePayment = ({ orderId, totalCents, card }: Facts): Message => ({
  type: 'CapturePayment',
  data: { orderId, amountCents: totalCents, currency: CURRENCY, card },
});
const closePayment = ({ orderId }: Facts): Message => ({ type: 'ClosePayment', data: { orderId } });

// How it ends.

const orderConfirmed = ({ orderId, customer, totalCents }: Facts): Message => ({
  type: 'OrderConfirmed',
  data: { orderId, customer, totalCents, currency: CURRENCY },
});
const orderCancelled = ({ orderId, customer, reason, refundedCents }: Facts): Message => {
  if (reason === null) throw new Error(`Order ${orderId} is cancelled for no reason`);
  return { type: 'OrderCancelled', data: { orderId, customer, reason, refundedCents } };
};

const { to, retry, ignore } = words<State, Facts, Message>();
const notAsked = ignore('nobody asked for it yet');
const settled = ignore('the step was settled before');
const late = ignore('too late: the order is on its way back, and its compensation covers this answer');

/**
 * The checkout: reserve the stock, take the money, confirm. Until the money is taken everything can be taken back;
 * afterwards the saga only goes forward. An order is cancelled only when stock *and* money have answered that
 * nothing is held any more.
 */
export const checkout: Saga<State, Trigger, Facts, Message> = {
  starts: to('reserving', [reserveStock]),
  ends: ['completed', 'cancelled'],
  states: {
    reserving: {
      StockReserved: to('paying', [capturePayment]),
      StockRejected: to('cancelled', [orderCancelled], { reason: 'out-of-stock' }),
      TimedOut: to('releasing', [releaseStock], { reason: 'stock-timed-out' }),
      StockReleased: notAsked,
      StockCommitted: notAsked,
      PaymentCaptured: notAsked,
      PaymentDeclined: notAsked,
      PaymentClosed: notAsked,
    },
    paying: {
      PaymentCaptured: to('confirmed', [orderConfirmed]),
      PaymentDeclined: to('releasing', [releaseStock], { reason: 'card-declined' }),
      TimedOut: to('cancelling', [releaseStock, closePayment], { reason: 'payment-timed-out' }),
      StockReserved: settled,
      StockRejected: settled,
      StockReleased: notAsked,
      StockCommitted: notAsked,
      PaymentClosed: notAsked,
    },
    confirmed: {
      StockCommitted: to('completed'),
      TimedOut: retry(orderConfirmed),
      StockReserved: settled,
      StockRejected: settled,
      StockReleased: notAsked,
      PaymentCaptured: settled,
      PaymentDeclined: settled,
      PaymentClosed: notAsked,
    },
    cancelling: {
      StockReleased: to('closing'),
      PaymentClosed: to('releasing'),
      TimedOut: retry(releaseStock, closePayment),
      StockReserved: late,
      StockRejected: late,
      StockCommitted: notAsked,
      PaymentCaptured: late,
      PaymentDeclined: late,
    },
    releasing: {
      StockReleased: to('cancelled', [orderCancelled]),
      TimedOut: retry(releaseStock),
      StockReserved: late,
      StockRejected: late,
      StockCommitted: notAsked,
      PaymentCaptured: late,
      PaymentDeclined: late,
      PaymentClosed: settled,
    },
    closing: {
      PaymentClosed: to('cancelled', [orderCancelled]),
      TimedOut: retry(closePayment),
      StockReserved: late,
      StockRejected: late,
      StockReleased: settled,
      StockCommitted: notAsked,
      PaymentCaptured: late,
      PaymentDeclined: late,
    },
    completed: ended(triggers, 'the order is completed'),
    cancelled: ended(triggers, 'the order is cancelled'),
  },
};
