// I6: at least one delivery of each due notification; exactly one recorded per (order, kind). Where no mail server takes
// part, the row is the delivery.

import type { MailboxBooks } from '../books/mailbox.ts';
import type { OrderEntry } from '../books/orders.ts';
import { type Books, isConfirmed, isDue, isTerminal } from '../books.ts';
import type { Finding, Invariant } from '../invariant.ts';
import { count, counted, sum } from '../words.ts';

export const told: Invariant = {
  id: 'I6',
  name: 'every customer was told, and it is recorded once',
  judge: (books) => ({ evidence: evidence(books), findings: [...untold(books), ...recorded(books)] }),
};

function evidence({ notifications, mailbox }: Books): string {
  if (mailbox === null) {
    const recorded = notifications.filter(({ state }) => state === 'recorded').length;
    return `${counted(notifications.length, 'notification')}, ${count(recorded)} recorded; no mailbox takes part`;
  }
  const mails = sum(mailbox.mails.values(), ({ copies }) => copies);
  const sent = notifications.filter(({ state }) => state === 'sent').length;
  return (
    `${counted(notifications.length, 'notification')}, ${count(sent)} sent; ` +
    `${counted(mails, 'mail')} in the mailbox, ${count(mails - mailbox.mails.size)} of them further copies`
  );
}

const kindOf = (order: OrderEntry): string => (isConfirmed(order) ? 'confirmed' : 'cancelled');

function* untold(books: Books): Generator<Finding> {
  const { mailbox } = books;
  const done = mailbox === null ? 'recorded' : 'sent';
  const stateOf = new Map(
    books.notifications.map(({ orderId, kind, state }) => [`${orderId}.${kind}`, state]),
  );
  for (const order of books.order.orders) {
    if (!isTerminal(order) || !isDue(books, order)) continue;
    const kind = kindOf(order);
    const state = stateOf.get(`${order.id}.${kind}`);
    const wrong = [
      state === done ? '' : `its notification is ${state ?? 'not there'}`,
      mailbox === null ? '' : faultOfMail(mailbox, order, kind),
    ].filter(Boolean);
    if (wrong.length === 0) continue;
    yield { subject: order.id, text: `order ${order.id} is ${order.state}: ${wrong.join(', ')}` };
  }
}

function faultOfMail({ mails }: MailboxBooks, { id }: OrderEntry, kind: string): string {
  const mail = mails.get(`<${id}.${kind}@doorbuster.example>`);
  if (mail === undefined) return 'no mail came';
  return mail.orderId === id ? '' : `the mail is about order ${mail.orderId}`;
}

/** Nobody is told twice, or something that is not so. */
function* recorded({ notifications, order }: Books): Generator<Finding> {
  const orders = new Map(order.orders.map((entry) => [entry.id, entry]));
  const seen = new Set<string>();
  for (const { orderId, kind } of notifications) {
    const scope = `${orderId}.${kind}`;
    if (seen.has(scope)) yield { subject: orderId, text: `order ${orderId}: ${kind} is recorded twice` };
    seen.add(scope);
    const entry = orders.get(orderId);
    const isSo = entry !== undefined && (isTerminal(entry) || isConfirmed(entry)) && kindOf(entry) === kind;
    if (!isSo)
      yield {
        subject: orderId,
        text: `order ${orderId}: told ${kind}, but it is ${entry?.state ?? 'unknown'}`,
      };
  }
}
