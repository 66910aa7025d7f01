import { z } from 'zod';
import { commandsOf, eventsOf } from './topic.ts';
import { Lines, OrderId, Sku } from './values.ts';

export const inventoryCommands = commandsOf('inventory', {
  ReserveStock: z
    .object({ orderId: OrderId, lines: Lines })
    .describe('Asks for everything that the order needs, or nothing'),
  ReleaseStock: z
    .object({ orderId: OrderId })
    .describe('The compensation: gives back what is held, and refuses a reservation that comes late'),
});

/** A SKU of which less was there than the order asked for. */
export const Shortage = z.object({ sku: Sku, requested: z.int(), available: z.int() });

export const inventoryEvents = eventsOf('inventory', {
  StockReserved: z.object({ orderId: OrderId }).describe('All of it is held for the order'),
  StockRejected: z
    .object({ orderId: OrderId, short: z.array(Shortage) })
    .describe('Too little was there, and nothing is held'),
  StockReleased: z.object({ orderId: OrderId }).describe('Nothing is held for the order any more'),
  StockCommitted: z.object({ orderId: OrderId }).describe('What was held is sold'),
});
