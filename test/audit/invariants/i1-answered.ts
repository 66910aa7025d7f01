// I1: every order answered 2xx exists, with exactly one saga.
import type { Books } from '../books.ts';
import type { Finding, Invariant } from '../invariant.ts';
import { count, counted } from '../words.ts';

/** A promise is a 2xx answer that a client got; the row of an order is its saga, so one row is one saga. */
export const answered: Invariant = {
  id: 'I1',
  name: 'every answered order exists, once',
  judge: (books) => ({
    evidence: `${told(books)}; ${counted(books.order.orders.length, 'order')}, each with its one key`,
    findings: [...broken(books), ...keyless(books)],
  }),
};

function told({ clients }: Books): string {
  if (clients === null) return 'no client history';
  const replays = clients.accepted.filter(({ replayed }) => replayed).length;
  return `${count(clients.accepted.length)} answers of 2xx (${counted(replays, 'replay')}), ${count(clients.unknown)} unknown`;
}

const scopeOf = ({ customerId, key }: { customerId: string; key: string }) =>
  JSON.stringify([customerId, key]);

function* broken({ clients, order }: Books): Generator<Finding> {
  const rowsOf = new Map<string, number>();
  for (const { id } of order.orders) rowsOf.set(id, (rowsOf.get(id) ?? 0) + 1);
  for (const [id, rows] of rowsOf) if (rows > 1) yield finding(id, `order ${id} is there ${rows} times`);
  const orderOf = new Map(order.keys.map((entry) => [scopeOf(entry), entry.orderId]));
  for (const { orderId, ...entry } of clients?.accepted ?? []) {
    if (orderId === null || !rowsOf.has(orderId)) {
      yield finding(
        `${orderId}`,
        `order ${orderId} was promised for key ${entry.key}, and no order book knows it`,
      );
    } else if (orderOf.get(scopeOf(entry)) !== orderId) {
      const kept = orderOf.get(scopeOf(entry)) ?? 'none';
      yield finding(orderId, `order ${orderId} was promised for key ${entry.key}, whose order is ${kept}`);
    }
  }
}

/** An order without a key could be placed again, and a key without an order promises what is not there. */
function* keyless({ order }: Books): Generator<Finding> {
  const keysOf = new Map<string, number>();
  for (const { orderId } of order.keys) keysOf.set(orderId, (keysOf.get(orderId) ?? 0) + 1);
  for (const { id } of order.orders) {
    const keys = keysOf.get(id) ?? 0;
    if (keys !== 1) yield finding(id, `order ${id} has ${counted(keys, 'idempotency key')} and not one`);
    keysOf.delete(id);
  }
  for (const id of keysOf.keys())
    yield finding(id, `order ${id} has an idempotency key, and no order book knows it`);
}

const finding = (subject: string, text: string): Finding => ({ subject, text });
