import type { Decision, Input } from '@doorbuster/pipeline';
import { advance, isEnded, start } from '@doorbuster/saga';
import { checkout, type Facts, type State, type Trigger, triggers } from './checkout.saga.ts';

/** An order and its saga. */
export interface Order extends Facts {
  readonly state: State;
  /** When it came to this state; null where the database has yet to say. */
  readonly stateSince: Date | null;
  readonly version: number;
  /** How often the saga has asked again in this state. */
  readonly retries: number;
  /** ISO 8601; a value that came in with the request, since decisions have no clock. */
  readonly placedAt: string;
}

/** A request that was checked at the door: the SKUs exist, the prices are the catalogue's. */
export interface PlaceOrder extends Omit<Facts, 'reason' | 'refundedCents'> {
  readonly placedAt: string;
  readonly idempotencyKey: string;
  readonly bodyHash: Buffer;
}

/** An order that nobody has placed yet. */
export const unplaced = (orderId: string): Order => ({
  orderId,
  customer: { id: '', email: '' },
  card: '',
  lines: [],
  totalCents: 0,
  reason: null,
  refundedCents: 0,
  state: checkout.starts.to,
  stateSince: null,
  version: 0,
  retries: 0,
  placedAt: '',
});

/** The order as it stands right after it was accepted. */
export function place(request: PlaceOrder): Order {
  const { orderId, customer, card, lines, totalCents, placedAt } = request;
  const facts = { orderId, customer, card, lines, totalCents, placedAt, reason: null, refundedCents: 0 };
  return { ...facts, state: checkout.starts.to, stateSince: null, version: 1, retries: 0 };
}

/** Decides about orders. A step that gets no answer within `stepTimeoutMs` times out. Pure. */
export const createDecide =
  (stepTimeoutMs: number) =>
  (order: Order, input: Input<PlaceOrder>): Decision<Order> => {
    if (input.kind === 'request') {
      const placed = place(input.request);
      return { state: placed, messages: start(checkout, placed).messages, deadlineMs: stepTimeoutMs };
    }
    if (order.version === 0) throw new Error(`There is no order ${input.key}`);

    const outcome = advance(checkout, order.state, triggerOf(input), learn(order, input));
    if (outcome.kind === 'ignore') return { state: order, ignored: outcome.why };
    const retries = outcome.kind === 'retry' ? order.retries + 1 : 0;
    const stateSince = outcome.kind === 'retry' ? order.stateSince : null;
    const version = order.version + 1;
    const state = { ...order, ...outcome.facts, state: outcome.state, stateSince, retries, version };
    const deadlineMs = isEnded(checkout, state.state) ? null : stepTimeoutMs * 2 ** Math.min(retries, 6);
    return { state, messages: outcome.messages, deadlineMs, note: noteOf(input) };
  };

/** What the order learns from an answer, besides where it goes next. */
function learn(order: Order, input: Input<PlaceOrder>): Order {
  if (input.kind !== 'message' || input.message.type !== 'PaymentClosed') return order;
  return { ...order, refundedCents: input.message.data.refundedCents };
}

/** A refund that a person made by other means is told in the order's timeline. */
function noteOf(input: Input<PlaceOrder>): string | undefined {
  if (input.kind !== 'message' || input.message.type !== 'PaymentClosed') return undefined;
  const { byHand } = input.message.data;
  return byHand && `given back by hand, by ${byHand.by}: ${byHand.why}`;
}

function triggerOf({ type }: { type: string }): Trigger {
  const trigger = triggers.find((known) => known === type);
  if (trigger === undefined) throw new Error(`The checkout saga has no row for ${type}`);
  return trigger;
}
