import type { StartSide } from './run-side.ts';
import { comparedMonolith, startMonolithSide } from './sides/monolith.ts';
import { comparedShop, startShopSide } from './sides/shop.ts';
import type { Side } from './sides/side.ts';

/** The two that are compared. */
export const starts: Record<Side['name'], StartSide> = { shop: startShopSide, monolith: startMonolithSide };

/** What is reported apart: the same with one thing different. */
export const variants: Record<string, { side: Side['name']; start: StartSide }> = {
  'shop, acquirer over HTTP': shop({ acquirer: 'http' }),
  'shop, e-mail over SMTP': shop({ mail: 'smtp' }),
  'shop, order service without the gateway': shop({ door: 'order' }),
  'monolith without telemetry': monolith({ telemetry: false }),
  'monolith, 4 connections': monolith({ pool: 4 }),
  'monolith, 16 connections': monolith({ pool: 16 }),
  'monolith, 64 connections': monolith({ pool: 64 }),
};

function shop(change: Partial<typeof comparedShop>) {
  const start: StartSide = (options) => startShopSide(options, { ...comparedShop, ...change });
  return { side: 'shop', start } as const;
}

function monolith(change: Partial<typeof comparedMonolith>) {
  const start: StartSide = (options) => startMonolithSide(options, { ...comparedMonolith, ...change });
  return { side: 'monolith', start } as const;
}
