import { z } from 'zod';
import {
  CancelReason,
  CardToken,
  Cents,
  Currency,
  Customer,
  Lines,
  OrderId,
  PricedLine,
  Sku,
} from './values.ts';

/** `POST /orders`. Prices are never the client's: they are looked up in the catalogue. */
export const PlaceOrderBody = z.object({
  customer: Customer,
  card: CardToken,
  lines: Lines.refine(
    (lines) => new Set(lines.map(({ sku }) => sku)).size === lines.length,
    'must name each SKU once; add the quantities up',
  ),
});
export type PlaceOrderBody = z.infer<typeof PlaceOrderBody>;

/** The answer to `POST /orders`: only what was fixed at that moment, so that a replay can be built from the row. */
export const AcceptedOrder = z.object({
  id: OrderId,
  status: z.literal('accepted'),
  customerId: z.string(),
  lines: z.array(PricedLine),
  totalCents: Cents,
  currency: Currency,
  placedAt: z.iso.datetime(),
});
export type AcceptedOrder = z.infer<typeof AcceptedOrder>;

/** One entry of an order's history: what came in, and what the order sent because of it. */
export const TimelineEntry = z.object({
  version: z.int().describe('The version of the order that it led to'),
  at: z.iso.datetime(),
  messageId: z.string(),
  received: z.string().describe('The type of what came in'),
  state: z.string().describe('Where the saga stood after it'),
  sent: z.array(z.string()).describe('The types of the messages that the order sent because of it'),
  ignored: z.string().nullable().describe('Why nothing came of it, or null'),
  note: z.string().nullable().describe('What to know besides, for example that it was done by hand'),
  traceId: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** `GET /orders/{id}`. */
export const OrderView = AcceptedOrder.extend({
  status: z.enum(['open', 'confirmed', 'cancelled']),
  state: z.string().describe('Where the saga stands'),
  version: z.int().describe('Counts from 1; each decision about the order makes one more'),
  reason: CancelReason.nullable(),
  refundedCents: Cents,
  timeline: z.array(TimelineEntry),
});
export type OrderView = z.infer<typeof OrderView>;

/**
 * `GET /orders/{id}/events`, the data of an `order` event: one version of the order, and the entry that made it.
 * Versions count from 1 without a gap, and each comes once. An ignored message makes no version, so it has no event;
 * it stands only in the timeline of `GET /orders/{id}`.
 */
export const OrderEvent = OrderView.pick({ id: true, status: true, state: true, version: true }).extend({
  entry: TimelineEntry,
});
export type OrderEvent = z.infer<typeof OrderEvent>;

/** The data of the `end` event, which closes the stream of an order that does not change any more. */
export const OrderEnd = OrderView.pick({
  id: true,
  status: true,
  state: true,
  version: true,
  reason: true,
  refundedCents: true,
});
export type OrderEnd = z.infer<typeof OrderEnd>;

export const Product = z.object({ sku: Sku, name: z.string(), priceCents: Cents });
export type Product = z.infer<typeof Product>;

/** The page of `GET /products` that is asked for. */
export const ProductQuery = z.object({
  after: z.string().max(64).default('').describe('The `next` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('How many at most'),
  q: z.string().max(64).default('').describe('Words that the name or the SKU has, all of them'),
});

/** `GET /products`; `next` is the cursor of the following page, or null on the last. */
export const ProductPage = z.object({
  items: z.array(Product),
  next: z.string().nullable().describe('The cursor of the following page, or null on the last'),
});

/** `GET /stock/{sku}`. */
export const StockView = z.object({ sku: Sku, available: z.int() });

/** What the door needs to know to admit orders or to shed them; see `services/gateway`. */
export const Load = z.object({ openOrders: z.int(), oldestUnpublishedMs: z.number() });
export type Load = z.infer<typeof Load>;
