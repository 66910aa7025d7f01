import type { Books } from './books.ts';

export const confirmedId = '01980000-0000-7000-8000-000000000001';
export const cancelledId = '01980000-0000-7000-8000-000000000002';

const pipeline = () => ({
  outbox: { count: 0, oldestMs: 0 },
  effects: [],
  deadLetters: [],
  stopped: { byInbox: 0, byBusinessKey: 0 },
});

const mailOf = (orderId: string, kind: string) =>
  [`<${orderId}.${kind}@doorbuster.example>`, { orderId, copies: 1 }] as const;

/** The books of a small shop in which all is well: an order of £12.31 was confirmed, and one of £5.00 refunded. */
export const goodBooks = (): Books => ({
  clients: {
    accepted: [
      { key: 'k1', customerId: 'c1', orderId: confirmedId, replayed: false },
      { key: 'k1', customerId: 'c1', orderId: confirmedId, replayed: true },
      { key: 'k2', customerId: 'c1', orderId: cancelledId, replayed: false },
    ],
    shed: 3,
    rejected: 0,
    unknown: 0,
  },
  order: {
    orders: [
      { id: confirmedId, state: 'completed', version: 4, totalCents: 1_231, refundedCents: 0, ageMs: 9_000 },
      { id: cancelledId, state: 'cancelled', version: 3, totalCents: 500, refundedCents: 500, ageMs: 9_000 },
    ],
    keys: [
      { customerId: 'c1', key: 'k1', orderId: confirmedId },
      { customerId: 'c1', key: 'k2', orderId: cancelledId },
    ],
    confirmedItems: new Map([['MUG', 2]]),
    countAfterwards: 2,
  },
  inventory: {
    stock: [{ sku: 'MUG', initial: 10, restocked: 0, onHand: 8, reserved: 0, sold: 2 }],
    reservations: [
      { orderId: confirmedId, state: 'committed' },
      { orderId: cancelledId, state: 'released' },
    ],
    reservedItems: new Map(),
    committedItems: new Map([['MUG', 2]]),
  },
  payments: [
    {
      orderId: confirmedId,
      state: 'captured',
      amountCents: 1_231,
      capturedCents: 1_231,
      refundedCents: 0,
      byHand: null,
    },
    {
      orderId: cancelledId,
      state: 'closed',
      amountCents: 500,
      capturedCents: 500,
      refundedCents: 500,
      byHand: null,
    },
  ],
  notifications: [
    { orderId: confirmedId, kind: 'confirmed', state: 'sent' },
    { orderId: cancelledId, kind: 'cancelled', state: 'sent' },
  ],
  acquirer: {
    captures: [
      { key: `${confirmedId}:acquirer.capture`, orderId: confirmedId, amountCents: 1_231 },
      { key: `${cancelledId}:acquirer.capture`, orderId: cancelledId, amountCents: 500 },
    ],
    declined: 0,
    refunds: [{ orderId: cancelledId, amountCents: 500 }],
    closures: [{ orderId: cancelledId, capturedCents: 500, amountCents: 500 }],
  },
  mailbox: { mails: new Map([mailOf(confirmedId, 'confirmed'), mailOf(cancelledId, 'cancelled')]) },
  pipelines: { order: pipeline(), inventory: pipeline(), payment: pipeline(), notification: pipeline() },
  messages: {
    records: 12,
    strangers: 0,
    due: 14,
    missing: [],
    timelines: new Map([
      [confirmedId, { versions: [1, 2, 3, 4], ignored: 1 }],
      [cancelledId, { versions: [2, 1, 3], ignored: 0 }],
    ]),
  },
  isQuiet: true,
});
