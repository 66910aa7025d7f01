import type { Input } from '@doorbuster/pipeline';
import { expect, test } from '@jest/globals';
import { type Answer, decide, decideWithoutMail, nothing } from '../src/notification.ts';

const orderId = '01900000-0000-7000-8000-000000000000';
const customer = { id: 'c', email: 'c@example.com' };
const confirmed: Input<never, Answer> = {
  kind: 'message',
  id: 'x',
  key: orderId,
  type: 'OrderConfirmed',
  traceparent: undefined,
  weight: 1,
  message: { type: 'OrderConfirmed', data: { orderId, customer, totalCents: 1_231, currency: 'GBP' } },
  record: { topic: '', partition: 0, offset: '0', key: orderId, headers: {}, value: Buffer.alloc(0) },
};

test('When an order is confirmed, then the mail is due', () => {
  const { state, effects } = decide(nothing, confirmed);
  expect(state).toMatchObject({ kind: 'confirmed', state: 'due', email: customer.email });
  expect(effects).toMatchObject([{ type: 'mail.send', data: { to: customer.email } }]);
});

test('When no mail server takes part, then the notification ends with its row', () => {
  const { state, effects } = decideWithoutMail(nothing, confirmed);
  expect(state).toMatchObject({ kind: 'confirmed', state: 'recorded', version: 1, email: customer.email });
  expect(effects).toBeUndefined();
});

test('When no mail server takes part and the order is told of twice, then it is recorded once', () => {
  const { state } = decideWithoutMail(nothing, confirmed);
  expect(decideWithoutMail(state, confirmed)).toMatchObject({ state, duplicate: true });
});
