import type { MessageType } from './registry.ts';

/** The services that take part in the checkout. */
export const participants = ['order', 'inventory', 'payment', 'notification'] as const;
export type Participant = (typeof participants)[number];

/** What a participant says to the others, and what it listens to. */
export interface Flow {
  sends: readonly MessageType[];
  receives: readonly MessageType[];
}

/** Who sends what and who uses it, as it stands in the AsyncAPI document; tests compare it with the services. */
export const flows: Readonly<Record<Participant, Flow>> = {
  order: {
    sends: [
      'ReserveStock',
      'ReleaseStock',
      'CapturePayment',
      'ClosePayment',
      'OrderConfirmed',
      'OrderCancelled',
    ],
    receives: [
      'StockReserved',
      'StockRejected',
      'StockReleased',
      'StockCommitted',
      'PaymentCaptured',
      'PaymentDeclined',
      'PaymentClosed',
    ],
  },
  inventory: {
    sends: ['StockReserved', 'StockRejected', 'StockReleased', 'StockCommitted'],
    receives: ['ReserveStock', 'ReleaseStock', 'OrderConfirmed'],
  },
  payment: {
    sends: ['PaymentCaptured', 'PaymentDeclined', 'PaymentClosed'],
    receives: ['CapturePayment', 'ClosePayment'],
  },
  notification: { sends: [], receives: ['OrderConfirmed', 'OrderCancelled'] },
};
