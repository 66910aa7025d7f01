import type { Data } from '@doorbuster/contracts';
import type { Decision, Input } from '@doorbuster/pipeline';

/** What a customer is told about an order: one thing, since an order ends in one way. */
export interface Notification {
  readonly kind: 'confirmed' | 'cancelled' | null;
  /** `recorded` is the end where no mail server takes part. */
  readonly state: 'none' | 'due' | 'sent' | 'recorded';
  readonly version: number;
  readonly email: string;
}

export const nothing: Notification = { kind: null, state: 'none', version: 0, email: '' };

/** The mail server took it. */
export type Answer = { kind: 'sent' };

/** Decides what to tell the customer. Pure: the mail itself is an effect. */
export function decide(notification: Notification, input: Input<never, Answer>): Decision<Notification> {
  if (input.kind === 'answer') {
    return { state: { ...notification, state: 'sent', version: notification.version + 1 } };
  }
  if (input.kind !== 'message') throw new Error(`Notification does not know what to do with ${input.type}`);
  const { message } = input;
  if (notification.state !== 'none') {
    return {
      state: notification,
      duplicate: true,
      ignored: `the customer was told that it is ${notification.kind}`,
    };
  }
  switch (message.type) {
    case 'OrderConfirmed':
      return tell('confirmed', message.data.customer.email, confirmation(message.data));
    case 'OrderCancelled':
      return tell('cancelled', message.data.customer.email, cancellation(message.data));
    default:
      throw new Error(`Notification does not know what to do with ${message.type}`);
  }
}

/** Decides the same where no mail server takes part: the row is the notification, and nothing is left to be done. */
export function decideWithoutMail(
  notification: Notification,
  input: Input<never, Answer>,
): Decision<Notification> {
  const { effects, ...decision } = decide(notification, input);
  return effects === undefined ? decision : { state: { ...decision.state, state: 'recorded' } };
}

function tell(kind: 'confirmed' | 'cancelled', email: string, mail: Mail): Decision<Notification> {
  return {
    state: { kind, state: 'due', version: 1, email },
    effects: [{ type: 'mail.send', data: { to: email, kind, ...mail } }],
  };
}

interface Mail {
  subject: string;
  text: string;
}

const pounds = (cents: number): string => `£${(cents / 100).toFixed(2)}`;

const confirmation = ({ orderId, totalCents }: Data<'OrderConfirmed'>): Mail => ({
  subject: `Your order ${orderId} is confirmed`,
  text: `Thank you. We took ${pounds(totalCents)} from your card and your parcel is on its way.\n`,
});

const reasons: Record<Data<'OrderCancelled'>['reason'], string> = {
  'out-of-stock': 'Something in it was sold out.',
  'card-declined': 'Your card was declined.',
  'stock-timed-out': 'We could not reserve it in time.',
  'payment-timed-out': 'Your card did not answer in time.',
};

const cancellation = ({ orderId, reason, refundedCents }: Data<'OrderCancelled'>): Mail => ({
  subject: `Your order ${orderId} is cancelled`,
  text: `${reasons[reason]} ${refundedCents > 0 ? `We gave ${pounds(refundedCents)} back.` : 'Nothing was taken.'}\n`,
});
