import { z } from 'zod';
import { eventsOf } from './topic.ts';
import { CancelReason, Cents, Currency, Customer, OrderId } from './values.ts';

/** Inventory commits the stock and notification mails the customer, both from the one `OrderConfirmed`. */
export const orderEvents = eventsOf('order', {
  OrderConfirmed: z.object({
    orderId: OrderId,
    customer: Customer,
    totalCents: Cents,
    currency: Currency,
  }),
  OrderCancelled: z.object({
    orderId: OrderId,
    customer: Customer,
    reason: CancelReason,
    refundedCents: Cents,
  }),
});
