import { meterOf } from '@doorbuster/telemetry';
import type { BatchObservableResult } from '@opentelemetry/api';
import type { Pool } from 'pg';
import { readBestSellers } from './store.ts';

const meter = meterOf('@doorbuster/inventory');
const onHand = meter.gauge('doorbuster.stock.on_hand');

/** Begins to tell how many are left of the products that sold best, whenever an exporter asks. */
export function observeStock(database: Pool): void {
  const observe = async (result: BatchObservableResult) => {
    const best = await readBestSellers(database).catch(() => []);
    for (const { sku, available } of best) result.observe(onHand, available, { sku });
  };
  meter.observe(observe, [onHand]);
}
