import { setTimeout as pause } from 'node:timers/promises';
import { createInspector } from '@doorbuster/messaging';
import type { Pool } from 'pg';
import { readingPool } from '../audit/database.ts';
import type { ShopInfo } from '../audit/sources.ts';

/** What is still under way in the shop. */
export interface Backlog {
  /** Orders that are not terminal and do not wait for a parked compensation either. */
  openOrders: number;
  /** Messages and calls that are decided and not done. */
  unsent: number;
  /** Messages that a service has yet to read. */
  lag: number;
}

/** Looks at what is under way, over connections that stay open. */
export interface BacklogWatch {
  lag(): Promise<number>;
  look(): Promise<Backlog>;
  close(): Promise<void>;
}

/** Who reads what, as consumer groups see it. */
const readings = [
  ['order', 'doorbuster.inventory.events.v1'],
  ['order', 'doorbuster.payment.events.v1'],
  ['inventory', 'doorbuster.inventory.commands.v1'],
  ['inventory', 'doorbuster.order.events.v1'],
  ['payment', 'doorbuster.payment.commands.v1'],
  ['notification', 'doorbuster.order.events.v1'],
] as const;

export async function watchBacklog({
  auditor,
  kafka,
}: Pick<ShopInfo, 'auditor' | 'kafka'>): Promise<BacklogWatch> {
  const inspector = await createInspector({ brokers: kafka, clientId: 'demo' });
  const databases = {
    order: readingPool(auditor.order),
    inventory: readingPool(auditor.inventory),
    payment: readingPool(auditor.payment),
    notification: readingPool(auditor.notification),
  };
  const pools = Object.values(databases);
  const lag = async () => {
    const lags = await Promise.all(readings.map(([group, topic]) => inspector.lag(group, topic)));
    return total(lags);
  };
  return {
    lag,
    async look() {
      const [open, parked, unsent, behind] = await Promise.all([
        count(databases.order, `select count(*) from orders where state not in ('completed', 'cancelled')`),
        count(databases.payment, 'select count(distinct order_id) from effects where parked_at is not null'),
        Promise.all(pools.map((pool) => count(pool, unsentSql))),
        lag(),
      ]);
      return { openOrders: Math.max(0, open - parked), unsent: total(unsent), lag: behind };
    },
    async close() {
      await Promise.all([inspector.close(), ...pools.map((pool) => pool.end())]);
    },
  };
}

const unsentSql = `
  select (select count(*) from outbox) + (select count(*) from effects where parked_at is null) as count`;

async function count(database: Pool, text: string): Promise<number> {
  const { rows } = await database.query<{ count: number }>(text);
  return rows[0]?.count ?? 0;
}

const total = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0);

const lookEveryMs = 250;

/**
 * Waits until nothing is under way any more; gives false when that did not come within the limit. Then it is the
 * auditor's to say what is wrong.
 */
export async function drain(watch: BacklogWatch, limitMs: number, signal: AbortSignal): Promise<boolean> {
  const giveUpAt = performance.now() + limitMs;
  while (performance.now() < giveUpAt) {
    const backlog = await watch.look().catch(() => undefined);
    if (backlog !== undefined && total(Object.values(backlog)) === 0) return true;
    await pause(lookEveryMs, undefined, { signal });
  }
  return false;
}
