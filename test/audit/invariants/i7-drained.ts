// I7: when quiet: outboxes and effects drained; every message of every topic is, for each service that uses its
// type, in that service's inbox or dead letters (within the inbox's horizon).

import { serviceNames } from '../books/pipelines.ts';
import { type Books, TERMINAL_WITHIN_MS } from '../books.ts';
import type { Finding, Invariant } from '../invariant.ts';
import { count, counted, sum } from '../words.ts';

export const drained: Invariant = {
  id: 'I7',
  name: 'no message is lost, nothing is left undone',
  judge: (books) => ({ evidence: evidence(books), findings: [...lost(books), ...stuck(books)] }),
};

function evidence({ messages, pipelines }: Books): string {
  const all = serviceNames.map((service) => pipelines[service]);
  const letters = sum(all, ({ deadLetters }) => deadLetters.length);
  const outbox = sum(all, ({ outbox }) => outbox.count);
  const effects = all.flatMap(({ effects }) => effects);
  const parked = effects.filter((effect) => effect.parked).length;
  return [
    `${counted(messages.records, 'record')} in 5 topics, ${counted(messages.due, 'hand-over')} due, `,
    `${count(messages.due - messages.missing.length)} handled; ${counted(letters, 'dead letter')}; `,
    `${count(outbox)} unsent, ${counted(effects.length - parked, 'effect')} open, ${count(parked)} parked`,
    messages.strangers === 0 ? '' : `; ${counted(messages.strangers, 'record')} that is no message of ours`,
  ].join('');
}

/** Message ids begin with the order's id, a UUIDv7, which begins with the time at which the order was placed. */
function isOld(messageId: string): boolean {
  const placedAt = Number.parseInt(messageId.slice(0, 13).replace('-', ''), 16);
  return !(Date.now() - placedAt < TERMINAL_WITHIN_MS);
}

function* lost({ messages, isQuiet }: Books): Generator<Finding> {
  for (const { service, id, type } of messages.missing) {
    if (!isQuiet && !isOld(id)) continue;
    yield { subject: `${service} ${id}`, text: `${type} ${id} never came to ${service}` };
  }
}

function* stuck({ pipelines }: Books): Generator<Finding> {
  for (const service of serviceNames) {
    const { outbox, effects } = pipelines[service];
    if (outbox.oldestMs > TERMINAL_WITHIN_MS) {
      yield {
        subject: service,
        text: `${service} has ${counted(outbox.count, 'message')} that nobody sends`,
      };
    }
    for (const { orderId, type, parked, ageMs, attempts } of effects) {
      if (parked || ageMs <= TERMINAL_WITHIN_MS) continue;
      yield {
        subject: orderId,
        text: `order ${orderId}: ${type} is not done after ${counted(attempts, 'attempt')}`,
      };
    }
  }
}
