import { z } from 'zod';
import { commandsOf, eventsOf } from './topic.ts';
import { Lines, OrderId, Sku } from './values.ts';

export const inventoryCommands = commandsOf('inventory', {
  ReserveStock: z.object({ orderId: OrderId, lines: Lines }),
  ReleaseStock: z.object({ orderId: OrderId }),
});

/** A SKU of which less was there than the order asked for. */
export const Shortage = z.object({ sku: Sku, requested: z.int(), available: z.int() });

export const inventoryEvents = eventsOf('inventory', {
  StockReserved: z.object({ orderId: OrderId }),
  StockRejected: z.object({ orderId: OrderId, short: z.array(Shortage) }),
  StockReleased: z.object({ orderId: OrderId }),
  StockCommitted: z.object({ orderId: OrderId }),
});
