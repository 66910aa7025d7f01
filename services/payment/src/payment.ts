import type { Data, Message, Operator } from '@doorbuster/contracts';
import type { Decision, Input } from '@doorbuster/pipeline';

/** What we know of an order's payment. */
export interface Payment {
  readonly state: 'none' | 'pending' | 'captured' | 'declined' | 'closing' | 'closed';
  readonly version: number;
  readonly amountCents: number;
  readonly capturedCents: number;
  readonly refundedCents: number;
  readonly reason: string | null;
  /** Who gave the money back where the acquirer would not, and why. */
  readonly byHand: Operator | null;
}

/** What the acquirer answered. */
export type Answer =
  | { kind: 'captured'; amountCents: number }
  | { kind: 'declined'; reason: string }
  /** Nobody could tell in time; the saga's time-out will close the payment. */
  | { kind: 'unknown' }
  | { kind: 'closed'; capturedCents: number; refundedCents: number }
  /** An operator's word for it: the money went back by other means. */
  | { kind: 'resolved'; refundedCents: number; byHand: Operator };

export const unpaid: Payment = {
  state: 'none',
  version: 0,
  amountCents: 0,
  capturedCents: 0,
  refundedCents: 0,
  reason: null,
  byHand: null,
};

/** Decides about payments. Pure: the acquirer is asked by an effect, and its answer comes back as an input. */
export function decide(payment: Payment, input: Input<never, Answer>): Decision<Payment> {
  if (input.kind === 'answer') return hear(payment, input.key, input.answer);
  if (input.kind !== 'message') throw new Error(`Payment does not know what to do with ${input.type}`);
  switch (input.message.type) {
    case 'CapturePayment':
      return capture(payment, input.message.data);
    case 'ClosePayment':
      return close(payment, input.key);
    default:
      throw new Error(`Payment does not know what to do with ${input.type}`);
  }
}

function capture(
  payment: Payment,
  { orderId, amountCents, currency, card }: Data<'CapturePayment'>,
): Decision<Payment> {
  if (payment.state !== 'none') return again(payment, orderId);
  return {
    state: { ...payment, state: 'pending', version: payment.version + 1, amountCents },
    effects: [{ type: 'acquirer.capture', data: { amountCents, currency, card } }],
  };
}

/**
 * Closes the payment at the acquirer whatever our own row says: the acquirer refunds what it took and refuses every
 * later charge under this order. Where nothing was asked yet the row is the tombstone that refuses a late capture.
 */
function close(payment: Payment, orderId: string): Decision<Payment> {
  if (payment.state === 'closing' || payment.state === 'closed') return again(payment, orderId);
  return {
    state: { ...payment, state: 'closing', version: payment.version + 1 },
    effects: [{ type: 'acquirer.close', data: {} }],
  };
}

function hear(payment: Payment, orderId: string, answer: Answer): Decision<Payment> {
  if (answer.kind === 'unknown') return { state: payment, ignored: 'the acquirer did not answer in time' };
  if (answer.kind === 'closed') {
    const { capturedCents, refundedCents } = answer;
    return say(
      {
        ...payment,
        state: 'closed',
        amountCents: Math.max(payment.amountCents, capturedCents),
        capturedCents,
        refundedCents,
      },
      orderId,
    );
  }
  if (answer.kind === 'resolved') {
    const { refundedCents, byHand } = answer;
    const capturedCents = Math.max(payment.capturedCents, refundedCents);
    return say({ ...payment, state: 'closed', capturedCents, refundedCents, byHand }, orderId);
  }
  if (payment.state !== 'pending') {
    return { state: payment, ignored: `the payment is ${payment.state}; closing it covers this answer` };
  }
  if (answer.kind === 'declined')
    return say({ ...payment, state: 'declined', reason: answer.reason }, orderId);
  return say({ ...payment, state: 'captured', capturedCents: answer.amountCents }, orderId);
}

/** The next version of a payment, and the message that tells of it. */
function say(payment: Payment, orderId: string): Decision<Payment> {
  const state = { ...payment, version: payment.version + 1 };
  const message = messageOf(state, orderId);
  return { state, messages: message === undefined ? [] : [message] };
}

/** Asked again, payment answers again, once there is an answer: with the same message id. */
function again(state: Payment, orderId: string): Decision<Payment> {
  const message = messageOf(state, orderId);
  return {
    state,
    messages: message === undefined ? [] : [message],
    duplicate: true,
    ignored: `the payment is ${state.state} already`,
  };
}

function messageOf(
  { state, capturedCents, refundedCents, reason, byHand }: Payment,
  orderId: string,
): Message | undefined {
  switch (state) {
    case 'captured':
      return { type: 'PaymentCaptured', data: { orderId, amountCents: capturedCents } };
    case 'declined':
      return { type: 'PaymentDeclined', data: { orderId, reason: reason ?? 'declined' } };
    case 'closed':
      return { type: 'PaymentClosed', data: { orderId, refundedCents, ...(byHand && { byHand }) } };
    default:
      return undefined;
  }
}
