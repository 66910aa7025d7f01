// I6: at least one delivery of each due notification; exactly one recorded per (order, kind).

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
  const mails = sum(mailbox.mails.values(), ({ copies }) => copies);
  const sent = notifications.filter(({ state }) => state === 'sent').length;
  return (
    `${counted(notifications.length, 'notification')}, ${count(sent)} sent; ` +
    `${counted(mails, 'mail')} in the mailbox, ${count(mails - mailbox.mails.size)} of them further copies`
  );
}

const kindOf = (order: OrderEntry): string => (isConfirmed(order) ? 'confirmed' : 'cancelled');

function* untold(books: Books): Generator<Finding> {
  const stateOf = new Map(
    books.notifications.map(({ orderId, kind, state }) => [`${orderId}.${kind}`, state]),
  );
  for (const order of books.order.orders) {
    if (!isTerminal(order) || !isDue(books, order)) continue;
    const kind = kindOf(order);
    const state = stateOf.get(`${order.id}.${kind}`);
    const mail = books.mailbox.mails.get(`<${order.id}.${kind}@doorbuster.example>`);
    if (state === 'sent' && mail?.orderId === order.id) continue;
    const wrong = [
      state === 'sent' ? '' : `its notification is ${state ?? 'not there'}`,
      mail === undefined
        ? 'no mail came'
        : mail.orderId === order.id
          ? ''
          : `the mail is about order ${mail.orderId}`,
    ];
    yield {
      subject: order.id,
      text: `order ${order.id} is ${order.state}: ${wrong.filter(Boolean).join(', ')}`,
    };
  }
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
