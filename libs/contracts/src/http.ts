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
  version: z.int(),
  at: z.iso.datetime(),
  messageId: z.string(),
  received: z.string(),
  state: z.string(),
  sent: z.array(z.string()),
  ignored: z.string().nullable(),
  /** What a reader should know besides, for example that it was done by hand. */
  note: z.string().nullable(),
  traceId: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** `GET /orders/{id}`. */
export const OrderView = AcceptedOrder.extend({
  status: z.enum(['open', 'confirmed', 'cancelled']),
  state: z.string(),
  version: z.int(),
  reason: CancelReason.nullable(),
  refundedCents: Cents,
  timeline: z.array(TimelineEntry),
});
export type OrderView = z.infer<typeof OrderView>;

export const Product = z.object({ sku: Sku, name: z.string(), priceCents: Cents });
export type Product = z.infer<typeof Product>;

/** `GET /products`; `next` is the cursor of the following page, or null on the last. */
export const ProductPage = z.object({ items: z.array(Product), next: z.string().nullable() });

/** `GET /stock/{sku}`. */
export const StockView = z.object({ sku: Sku, available: z.int() });

/** What the door needs to know to admit orders or to shed them; see `services/gateway`. */
export const Load = z.object({ openOrders: z.int(), oldestUnpublishedMs: z.number() });
export type Load = z.infer<typeof Load>;
