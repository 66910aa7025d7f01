import { z } from 'zod';
import { commandsOf, eventsOf } from './topic.ts';
import { CardToken, Cents, Currency, Operator, OrderId } from './values.ts';

export const paymentCommands = commandsOf('payment', {
  CapturePayment: z.object({ orderId: OrderId, amountCents: Cents, currency: Currency, card: CardToken }),
  /** The compensation: give back what was taken, and take nothing under this order ever after. */
  ClosePayment: z.object({ orderId: OrderId }),
});

export const paymentEvents = eventsOf('payment', {
  PaymentCaptured: z.object({ orderId: OrderId, amountCents: Cents }),
  PaymentDeclined: z.object({ orderId: OrderId, reason: z.string().max(200) }),
  /** `byHand` tells who gave the money back where the acquirer would not. */
  PaymentClosed: z.object({ orderId: OrderId, refundedCents: Cents, byHand: Operator.optional() }),
});
