import type { Reading } from './audit.ts';
import { serviceNames } from './books/pipelines.ts';
import { isConfirmed, parkedOrders } from './books.ts';
import { count, counted, money, sum } from './words.ts';

export interface Report {
  verdict: 'PASS' | 'FAIL';
  invariants: { id: string; name: string; holds: boolean; evidence: string; findings: string[] }[];
  orders: { confirmed: number; cancelled: number; open: number; waitingForParked: number };
  /** Compensations and other calls that have failed for good and wait for an operator. */
  parked: { service: string; orderId: string; type: string; attempts: number; lastError: string | null }[];
  /** Refunds that an operator made by other means, because the acquirer would not. */
  resolvedByHand: { orderId: string; refundedCents: number; by: string; why: string }[];
  deadLetters: {
    service: string;
    topic: string;
    type: string | null;
    messageId: string | null;
    reason: string;
    replayed: boolean;
  }[];
  duplicatesStopped: { byBusinessKeys: number; byInbox: number };
  isQuiet: boolean;
  tookMs: number;
}

/** What is to be told of a reading. */
export function reportOf({ books, verdicts }: Reading): Report {
  const each = serviceNames.map((service) => ({ service, ...books.pipelines[service] }));
  const waiting = parkedOrders(books);
  const { orders } = books.order;
  const confirmed = orders.filter(isConfirmed).length;
  const cancelled = orders.filter(({ state }) => state === 'cancelled').length;
  const waitingForParked = orders.filter(({ id, state }) => state !== 'cancelled' && waiting.has(id)).length;
  return {
    verdict: verdicts.every(({ findings }) => findings.length === 0) ? 'PASS' : 'FAIL',
    invariants: verdicts.map(({ id, name, evidence, findings }) => {
      return { id, name, holds: findings.length === 0, evidence, findings: findings.map(({ text }) => text) };
    }),
    orders: {
      confirmed,
      cancelled,
      open: orders.length - confirmed - cancelled - waitingForParked,
      waitingForParked,
    },
    parked: each.flatMap(({ service, effects }) =>
      effects
        .filter(({ parked }) => parked)
        .map(({ orderId, type, attempts, lastError }) => ({ service, orderId, type, attempts, lastError })),
    ),
    resolvedByHand: books.payments.flatMap(({ orderId, refundedCents, byHand }) =>
      byHand === null ? [] : { orderId, refundedCents, ...byHand },
    ),
    deadLetters: each.flatMap(({ service, deadLetters }) =>
      deadLetters.map(({ topic, type, messageId, reason, replayed }) => {
        return { service, topic, type, messageId, reason, replayed };
      }),
    ),
    duplicatesStopped: {
      byBusinessKeys: sum(each, ({ stopped }) => stopped.byBusinessKey),
      byInbox: sum(each, ({ stopped }) => stopped.byInbox),
    },
    isQuiet: books.isQuiet,
    tookMs: 0,
  };
}

const shownMax = 5;

/** The report as a table for a terminal of this width. */
export function toTable(report: Report, columns = 110): string {
  const lines = report.invariants.flatMap(({ id, name, holds, evidence, findings }) => [
    `  ${id}  ${holds ? 'holds' : 'FAILS'}  ${name}`,
    `${indent}${fold(evidence, columns)}`,
    ...shown(findings).map((text) => `${indent}! ${text}`),
  ]);
  return [...lines, '', ...notes(report).map((line) => `  ${line}`), ''].join('\n');
}

const indent = ' '.repeat(13);

/** Breaks a line between words, and sets what follows under its beginning. */
function fold(text: string, columns: number): string {
  const width = Math.max(40, columns - indent.length);
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join(`\n${indent}`);
}

function notes({ parked, resolvedByHand, deadLetters, duplicatesStopped, isQuiet }: Report): string[] {
  const { byBusinessKeys, byInbox } = duplicatesStopped;
  return [
    `duplicates stopped by business keys: ${count(byBusinessKeys)}, by the inbox: ${count(byInbox)}`,
    ...shown(
      parked.map(({ service, orderId, type, attempts, lastError }) => {
        return `parked at ${service}: order ${orderId}, ${type}, ${counted(attempts, 'attempt')}, ${lastError ?? ''}`;
      }),
    ),
    ...shown(
      resolvedByHand.map(({ orderId, refundedCents, by, why }) => {
        return `resolved by hand: order ${orderId}, ${money(refundedCents)} given back, ${by}: ${why}`;
      }),
    ),
    ...shown(
      deadLetters.map(({ service, type, messageId, reason, replayed }) => {
        return `dead letter at ${service}: ${type} ${messageId}, ${reason}${replayed ? ', replayed' : ''}`;
      }),
    ),
    ...(isQuiet ? [] : ['the shop was not quiet: sums were judged within their bounds']),
  ];
}

function shown(lines: string[]): string[] {
  if (lines.length <= shownMax) return lines;
  return [...lines.slice(0, shownMax), `and ${count(lines.length - shownMax)} more`];
}
