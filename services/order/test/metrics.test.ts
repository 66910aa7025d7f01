import '../../../test/support/metrics.ts';
import type { Change, Input } from '@doorbuster/pipeline';
import { expect, test } from '@jest/globals';
import { measured, metricValue } from '../../../test/support/metrics.ts';
import { measureOrders } from '../src/metrics.ts';
import { type Order, type PlaceOrder, unplaced } from '../src/order.ts';

const orderId = '01900000-0000-7000-8000-000000000000';
const input: Input<PlaceOrder> = {
  kind: 'timeout',
  type: 'TimedOut',
  key: orderId,
  version: 1,
  traceparent: undefined,
  weight: 1,
};
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
const order = (part: Partial<Order>): Order => ({ ...unplaced(orderId), version: 1, ...part });
const change = (before: Order, after: Partial<Order>): Change<Order, PlaceOrder> => {
  const moved = { ...before, stateSince: null, version: before.version + 1, ...after };
  return { input, before, after: moved };
};
const sumOf = async (name: string, label: string) =>
  (await measured()).find((one) => one.name === name && Object.values(one.attributes).includes(label))?.sum;

test('When an order is accepted, then it is one more, and has not moved', async () => {
  measureOrders([change(unplaced(orderId), { state: 'reserving' })]);
  expect(await metricValue('doorbuster.orders.accepted')).toBe(1);
  expect(await metricValue('doorbuster.saga.step.duration', { state: 'reserving' })).toBe(0);
});

test('When an order is confirmed, then it counts once, and so does the time that it took', async () => {
  const paying = order({ state: 'paying', stateSince: ago(3), placedAt: ago(7).toISOString() });
  measureOrders([change(paying, { state: 'confirmed' })]);
  const confirmed = order({ state: 'confirmed', stateSince: ago(1), placedAt: ago(8).toISOString() });
  // It asks again, and it is completed: neither confirms it once more.
  measureOrders([change(confirmed, { retries: 1, stateSince: confirmed.stateSince })]);
  measureOrders([change(confirmed, { state: 'completed' })]);
  expect(await metricValue('doorbuster.orders.confirmed')).toBe(1);
  expect(await metricValue('doorbuster.saga.duration', { outcome: 'confirmed' })).toBe(1);
  expect(await sumOf('doorbuster.saga.duration', 'confirmed')).toBeCloseTo(7, 1);
  expect(await sumOf('doorbuster.saga.step.duration', 'paying')).toBeCloseTo(3, 1);
  expect(await sumOf('doorbuster.saga.step.duration', 'confirmed')).toBeCloseTo(1, 1);
});

test('When an order is cancelled, then its reason is told, and a state that it only passed took no time', async () => {
  const placedAt = ago(2).toISOString();
  const cancelling = order({
    state: 'cancelling',
    stateSince: ago(2),
    placedAt,
    reason: 'payment-timed-out',
  });
  const first = change(cancelling, { state: 'closing' });
  measureOrders([first, change(first.after, { state: 'cancelled' })]);
  expect(await metricValue('doorbuster.orders.cancelled', { reason: 'payment-timed-out' })).toBe(1);
  expect(await sumOf('doorbuster.saga.step.duration', 'cancelling')).toBeCloseTo(2, 1);
  expect(await sumOf('doorbuster.saga.step.duration', 'closing')).toBe(0);
});

test('When the clocks of two machines differ, then no time is negative', async () => {
  const ahead = order({ state: 'reserving', stateSince: ago(-5), placedAt: ago(-5).toISOString() });
  measureOrders([change(ahead, { state: 'cancelled', reason: 'out-of-stock' })]);
  expect(await sumOf('doorbuster.saga.step.duration', 'reserving')).toBe(0);
});
