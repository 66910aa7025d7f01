import type { TimelineEntry } from '@doorbuster/contracts';
import { describe, expect, test } from '@jest/globals';
import { expectedOf, masked, toMessage } from '../src/messages.ts';

const id = '01900000-0000-7000-8000-000000000000';
const entry = (over: Partial<TimelineEntry>): TimelineEntry => ({
  version: 1,
  at: '2026-11-27T08:00:00.000Z',
  messageId: `${id}/PlaceOrder/1`,
  received: 'PlaceOrder',
  state: 'reserving',
  sent: [],
  ignored: null,
  note: null,
  traceId: null,
  ...over,
});

test('When an order has a timeline, then the ids of all its messages are known, and nothing else is a message', () => {
  const timeline = [
    entry({ sent: ['ReserveStock'] }),
    entry({ version: 2, messageId: `${id}/inventory/1/0`, sent: ['CapturePayment', 'Other'] }),
    entry({ version: 2, messageId: `${id}/payment/1/0`, ignored: 'too late', sent: ['Nothing'] }),
    entry({ version: 3, messageId: `${id}/TimedOut/3` }),
  ];
  expect([...expectedOf(id, timeline)].sort()).toEqual([
    `${id}/inventory/1/0`,
    `${id}/order/1/0`,
    `${id}/order/2/0`,
    `${id}/order/2/1`,
    `${id}/payment/1/0`,
  ]);
});

describe('When a record is shown', () => {
  const record = {
    topic: 'doorbuster.payment.commands.v1',
    partition: 3,
    offset: '17',
    key: id,
    headers: {
      ce_id: `${id}/order/2/0`,
      ce_type: 'CapturePayment',
      ce_source: '/doorbuster/order',
      ce_time: '2026-11-27T08:00:00.123Z',
    },
    value: Buffer.from(JSON.stringify({ orderId: id, amountCents: 5, card: 'tok_ok' })),
  };

  test('then it is said who sent it, when and where it lies, and the card is not', () => {
    expect(toMessage(record)).toEqual({
      id: `${id}/order/2/0`,
      type: 'CapturePayment',
      from: 'order',
      topic: 'doorbuster.payment.commands.v1',
      partition: 3,
      offset: '17',
      at: '2026-11-27T08:00:00.123Z',
      data: { orderId: id, amountCents: 5, card: '[redacted]' },
    });
  });

  test('and it is no message of ours, then it is shown as far as it can be', () => {
    const broken = { ...record, headers: { ce_time: 'soon' }, value: Buffer.from('{') };
    expect(toMessage(broken)).toMatchObject({ id: '', type: 'unknown', from: 'unknown', data: null });
    expect(toMessage(broken).at).toBe('1970-01-01T00:00:00.000Z');
  });

  test('then nothing secret is in it, however deep it lies', () => {
    const data = { customer: { id: 'ann', email: 'ann@example.com' }, list: [{ card: 'tok_ok' }], n: null };
    expect(masked(data)).toEqual({
      customer: { id: 'ann', email: '[redacted]' },
      list: [{ card: '[redacted]' }],
      n: null,
    });
  });
});
