// I4: every saga is terminal within T after the fault heals.

import type { OrderEntry } from '../books/orders.ts';
import { type Books, isTerminal, parkedOrders, TERMINAL_WITHIN_MS } from '../books.ts';
import type { Finding, Invariant } from '../invariant.ts';
import { count, counted } from '../words.ts';

export const terminal: Invariant = {
  id: 'I4',
  name: `every saga ends within ${TERMINAL_WITHIN_MS / 1_000} s`,
  judge(books) {
    const { waiting, young, stuck } = openOrders(books);
    return { evidence: evidence(books, waiting, young, stuck), findings: stuck.map(finding) };
  },
};

/** An order that waits for a parked compensation is seen and can be resolved, so it is counted apart. */
function openOrders(books: Books) {
  const parked = parkedOrders(books);
  const open = books.order.orders.filter((order) => !isTerminal(order));
  const [waiting, rest] = [open.filter(({ id }) => parked.has(id)), open.filter(({ id }) => !parked.has(id))];
  const isYoung = ({ ageMs }: OrderEntry) => ageMs <= TERMINAL_WITHIN_MS;
  return { waiting, young: rest.filter(isYoung), stuck: rest.filter((order) => !isYoung(order)) };
}

function evidence({ order }: Books, waiting: OrderEntry[], young: OrderEntry[], stuck: OrderEntry[]): string {
  const inState = (state: string) => count(order.orders.filter((entry) => entry.state === state).length);
  return [
    `${counted(order.orders.length, 'order')}: ${inState('completed')} completed, ${inState('cancelled')} cancelled, `,
    `${count(young.length + stuck.length)} open`,
    waiting.length === 0 ? '' : `, ${count(waiting.length)} waiting for a parked refund`,
  ].join('');
}

const finding = ({ id, state, ageMs }: OrderEntry): Finding => ({
  subject: id,
  text: `order ${id} is ${state} ${count(ageMs / 1_000)} s after it was placed`,
});
