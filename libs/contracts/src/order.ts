import { z } from 'zod';
import { eventsOf } from './topic.ts';
import { CancelReason, Cents, Currency, Customer, OrderId } from './values.ts';

/** Inventory commits the stock and notification mails the customer, both from the one `OrderConfirmed`. */
export const orderEvents = eventsOf('order', {
  OrderConfirmed: z
    .object({
      orderId: OrderId,
      customer: Customer,
      totalCents: Cents,
      currency: Currency,
    })
    .describe('The order is paid for: the stock is sold, and the customer is told'),
  OrderCancelled: z
    .object({
      orderId: OrderId,
      customer: Customer,
      reason: CancelReason,
      refundedCents: Cents,
    })
    .describe('Nothing is held and nothing is owed any more; the customer is told'),
});
