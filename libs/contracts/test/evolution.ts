import { z } from 'zod';
import { Cents, OrderId, readsAlso } from '../src/index.ts';

/**
 * `PaymentCaptured` on its way from pounds to pence, as it would have been if the shop had begun with pounds: the
 * worked example of docs/patterns/schema-evolution.md. Each of the three is the whole contract of one release.
 */
export const PaymentCapturedV1 = z.object({ orderId: OrderId, amount: z.number().min(0).describe('Pounds') });

const toPence = ({ orderId, amount }: z.infer<typeof PaymentCapturedV1>) => ({
  orderId,
  amount,
  amountCents: Math.round(amount * 100),
});

/** Expand: producers write both, for consumers of either release; nobody new looks at the pounds. */
export const PaymentCapturedExpanded = readsAlso(
  z.object({
    orderId: OrderId,
    amount: z.number().min(0).optional().meta({ deprecated: true }),
    amountCents: Cents,
  }),
  PaymentCapturedV1,
  toPence,
);

/** Contract: nobody writes the pounds any more. What was written before may still come, and is still read. */
export const PaymentCapturedV2 = readsAlso(
  z.object({ orderId: OrderId, amountCents: Cents }),
  PaymentCapturedV1,
  toPence,
);
