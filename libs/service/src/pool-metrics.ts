import { meterOf } from '@doorbuster/telemetry';
import type { Pool } from 'pg';

const meter = meterOf('@doorbuster/service');
const connections = meter.gauge('db.client.connection.count');
const pendingRequests = meter.gauge('db.client.connection.pending_requests');

const pools = new Map<Pool, string>();

meter.observe(
  (result) => {
    for (const [pool, name] of pools) {
      if (pool.ended) {
        pools.delete(pool);
        continue;
      }
      const { totalCount, idleCount, waitingCount } = pool;
      const attributes = { 'db.client.connection.pool.name': name };
      result.observe(connections, idleCount, { ...attributes, 'db.client.connection.state': 'idle' });
      result.observe(connections, totalCount - idleCount, {
        ...attributes,
        'db.client.connection.state': 'used',
      });
      result.observe(pendingRequests, waitingCount, attributes);
    }
  },
  [connections, pendingRequests],
);

/** Tells of a pool under this name, until it is ended. The instrumentation of pg would tell only of pools that are traced. */
export function observePool(pool: Pool, name: string): void {
  pools.set(pool, name);
}
