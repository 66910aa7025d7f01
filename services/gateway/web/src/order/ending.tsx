import type { CancelReason, OrderView } from '@doorbuster/contracts';
import { pounds } from '../kit/format.ts';

const reasons: Record<CancelReason, string> = {
  'out-of-stock': 'There was not enough stock, so nothing was held and nothing was charged.',
  'card-declined':
    'The card was declined. Compensation: the stock that was held for it went back to the shelf.',
  'stock-timed-out': 'The stock did not answer in time. Compensation: whatever was held for it went back.',
  'payment-timed-out':
    'The payment did not answer in time. Compensation: the stock went back, and so did any money that was taken.',
};

/** What came of the order, in a sentence; and why, where it was cancelled. */
export function Ending({ order: { status, state, reason, refundedCents } }: { order: OrderView }) {
  if (status === 'open')
    return reason === null ? null : <p class="ending back">{reasons[reason]} It is on its way back.</p>;
  if (status === 'confirmed') {
    return (
      <p class="ending good">
        {state === 'completed'
          ? 'Paid, and the stock has left the shelf.'
          : 'Paid. From here it only goes forward.'}
      </p>
    );
  }
  return (
    <p class="ending back">
      {reason === null ? 'Cancelled.' : reasons[reason]}
      {refundedCents > 0 && ` ${pounds(refundedCents)} were refunded.`}
    </p>
  );
}
