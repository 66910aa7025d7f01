import { setTimeout as pause } from 'node:timers/promises';
import { StockView } from '@doorbuster/contracts';
import { readingPool } from '../audit/database.ts';

export interface HotSkuOptions {
  sku: string;
  gateway: string;
  inventoryDatabaseUrl: string;
  /** Asks for one of it. */
  ask(): void;
  askPerS: number;
  limitMs: number;
  signal: AbortSignal;
}

/**
 * Goes on asking for the product that everybody wants until none is left: not on the shelf, as the shop says, and not
 * held by an order that may yet give it back, as only the books say.
 */
export async function askUntilSoldOut(options: HotSkuOptions): Promise<void> {
  const { sku, gateway, inventoryDatabaseUrl, ask, askPerS, limitMs, signal } = options;
  const database = readingPool(inventoryDatabaseUrl);
  const giveUpAt = performance.now() + limitMs;
  try {
    while (performance.now() < giveUpAt) {
      const available = await availableOf(sku, gateway);
      if (available > 0) ask();
      else if ((await reservedOf(sku)) === 0 && available === 0) return;
      await pause(1_000 / askPerS, undefined, { signal });
    }
  } finally {
    await database.end();
  }

  async function reservedOf(wanted: string): Promise<number> {
    const text = 'select reserved from stock where sku = $1';
    const { rows } = await database.query<{ reserved: number }>(text, [wanted]);
    return rows[0]?.reserved ?? 0;
  }
}

/** Unknown is −1: neither there nor gone. */
async function availableOf(sku: string, gateway: string): Promise<number> {
  try {
    const url = new URL(`/stock/${encodeURIComponent(sku)}`, gateway);
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return response.ok ? StockView.parse(await response.json()).available : -1;
  } catch {
    return -1;
  }
}
