import type { ControlSnapshot } from '@doorbuster/contracts';
import { type Reading, sumOf, valuesOf } from './reading.ts';

/** What became of orders, counted. */
export type Counts = Pick<ControlSnapshot, 'totals' | 'cancelReasons'>;

const accepted = sumOf('doorbuster.orders.accepted');
const confirmed = sumOf('doorbuster.orders.confirmed');
const cancelled = sumOf('doorbuster.orders.cancelled');
const shed = sumOf('doorbuster.door.shed');

/** What grew in a second shows on the charts. */
export const orderPicks = { accepted, confirmed, cancelled, shed };

export const noCounts: Counts = {
  totals: { accepted: 0, confirmed: 0, cancelled: 0, shed: 0 },
  cancelReasons: {},
};

/** What one process has counted. */
export function countsOf(reading: Reading): Counts {
  const reasons = valuesOf(reading, 'doorbuster.orders.cancelled').map(
    ({ attributes, value }) => [String(attributes['reason']), value] as const,
  );
  return {
    totals: {
      accepted: accepted(reading),
      confirmed: confirmed(reading),
      cancelled: cancelled(reading),
      shed: shed(reading),
    },
    cancelReasons: Object.fromEntries(reasons),
  };
}

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    totals: {
      accepted: one.totals.accepted + other.totals.accepted,
      confirmed: one.totals.confirmed + other.totals.confirmed,
      cancelled: one.totals.cancelled + other.totals.cancelled,
      shed: one.totals.shed + other.totals.shed,
    },
    cancelReasons: addUp(one.cancelReasons, other.cancelReasons),
  };
}

function addUp(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
  const sums = { ...one };
  for (const [name, count] of Object.entries(other)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
