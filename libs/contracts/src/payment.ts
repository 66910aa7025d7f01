import { z } from 'zod';
import { commandsOf, eventsOf } from './topic.ts';
import { CardToken, Cents, Currency, Operator, OrderId } from './values.ts';

export const paymentCommands = commandsOf('payment', {
  CapturePayment: z
    .object({ orderId: OrderId, amountCents: Cents, currency: Currency, card: CardToken })
    .describe('Asks for the money, once per order'),
  ClosePayment: z
    .object({ orderId: OrderId })
    .describe('The compensation: give back what was taken, and take nothing under this order ever after'),
});

export const paymentEvents = eventsOf('payment', {
  PaymentCaptured: z.object({ orderId: OrderId, amountCents: Cents }).describe('The money was taken'),
  PaymentDeclined: z
    .object({ orderId: OrderId, reason: z.string().max(200) })
    .describe('The card network said no, and took nothing'),
  PaymentClosed: z
    .object({
      orderId: OrderId,
      refundedCents: Cents,
      byHand: Operator.optional().describe('Who gave the money back where the acquirer would not'),
    })
    .describe('Nothing is taken under this order any more; what was taken is given back'),
});
