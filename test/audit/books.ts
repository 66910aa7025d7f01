import type { ClientHistory } from './books/clients.ts';
import type { InventoryBooks } from './books/inventory.ts';
import type { MailboxBooks } from './books/mailbox.ts';
import type { MessageBooks } from './books/messages.ts';
import type { NotificationEntry } from './books/notifications.ts';
import type { OrderBooks, OrderEntry } from './books/orders.ts';
import type { AcquirerBooks, PaymentEntry } from './books/payments.ts';
import type { PipelineBooks, ServiceName } from './books/pipelines.ts';

/** All that was read, of ours and of the world outside; the invariants are judged on this and on nothing else. */
export interface Books {
  /** What clients were told, or null where nobody wrote it down. */
  clients: ClientHistory | null;
  order: OrderBooks;
  inventory: InventoryBooks;
  payments: PaymentEntry[];
  notifications: NotificationEntry[];
  acquirer: AcquirerBooks;
  /** What the mail server took, or null where none takes part and a notification ends with its row. */
  mailbox: MailboxBooks | null;
  pipelines: Record<ServiceName, PipelineBooks>;
  messages: MessageBooks;
  /** True when nothing was under way: then sums have to agree to the penny and not only within bounds. */
  isQuiet: boolean;
}

/** After this long, what should have happened to an order counts as never coming. */
export const TERMINAL_WITHIN_MS = 60_000;

export const isConfirmed = ({ state }: OrderEntry): boolean => state === 'confirmed' || state === 'completed';
export const isTerminal = ({ state }: OrderEntry): boolean => state === 'completed' || state === 'cancelled';

/** The orders that wait for a compensation that is parked: it is seen, and an operator can resolve it. */
export function parkedOrders({ pipelines }: Pick<Books, 'pipelines'>): Set<string> {
  return new Set(pipelines.payment.effects.filter(({ parked }) => parked).map(({ orderId }) => orderId));
}

/** Whether everything that an order causes must be there by now. */
export const isDue = ({ isQuiet }: Books, { ageMs }: OrderEntry): boolean =>
  isQuiet || ageMs > TERMINAL_WITHIN_MS;

/** Whether nothing was under way while the books were read. */
export function judgeQuiet(books: Omit<Books, 'isQuiet'>): boolean {
  const parked = parkedOrders(books);
  const pipelines = Object.values(books.pipelines);
  return (
    books.order.orders.every((order) => isTerminal(order) || parked.has(order.id)) &&
    books.order.countAfterwards === books.order.orders.length &&
    pipelines.every(({ outbox, effects }) => outbox.count === 0 && effects.every((effect) => effect.parked))
  );
}
