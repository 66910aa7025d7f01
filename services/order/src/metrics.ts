import type { Change } from '@doorbuster/pipeline';
import { meterOf } from '@doorbuster/telemetry';
import type { BatchObservableResult } from '@opentelemetry/api';
import type { Pool } from 'pg';
import type { Order, PlaceOrder } from './order.ts';
import { countOpenOrders } from './store.ts';

const meter = meterOf('@doorbuster/order');
const accepted = meter.counter('doorbuster.orders.accepted');
const confirmed = meter.counter('doorbuster.orders.confirmed');
const cancelled = meter.counter('doorbuster.orders.cancelled');
const open = meter.gauge('doorbuster.orders.open');
const sagaDuration = meter.histogram('doorbuster.saga.duration');
const stepDuration = meter.histogram('doorbuster.saga.step.duration');
/** Clients that follow an order at this instance. */
export const streams = meter.upDownCounter('doorbuster.streams');

/** Counts what became of orders in a commit. */
export function measureOrders(changes: readonly Change<Order, PlaceOrder>[]): void {
  const now = Date.now();
  const placed = changes.filter(({ before }) => before.version === 0);
  if (placed.length > 0) accepted.add(placed.length);
  for (const { before, after } of changes) {
    if (before.state === after.state) continue;
    // What moved twice in one commit was nowhere in between.
    const since = before.stateSince?.getTime() ?? now;
    stepDuration.record(secondsBetween(since, now), { state: before.state });
    if (after.state !== 'confirmed' && after.state !== 'cancelled') continue;
    if (after.state === 'confirmed') confirmed.add(1);
    else cancelled.add(1, { reason: after.reason ?? 'unknown' });
    sagaDuration.record(secondsBetween(Date.parse(after.placedAt), now), { outcome: after.state });
  }
}

/** Clocks of two machines may differ by more than a short step takes. */
const secondsBetween = (from: number, to: number): number => Math.max(0, to - from) / 1_000;

/** Begins to tell how many orders are open, whenever an exporter asks. */
export function observeOrders(database: Pool): void {
  const observe = async (result: BatchObservableResult) => {
    const count = await countOpenOrders(database).catch(() => undefined);
    if (count !== undefined) result.observe(open, count);
  };
  meter.observe(observe, [open]);
}
