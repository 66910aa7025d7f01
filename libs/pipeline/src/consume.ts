import { fromHeaders, isMessageType, type MessageType, parseMessage, topics } from '@doorbuster/contracts';
import type { ReceivedRecord } from '@doorbuster/messaging';
import type { MessageInput, PoisonInput } from './input.ts';

/** The topics on which these types travel. */
export function topicsOf(consumes: readonly MessageType[]): string[] {
  return topics.filter(({ schemas }) => consumes.some((type) => type in schemas)).map(({ name }) => name);
}

/** Reads the data of a message: of this type, and as the contract says. @throws when it is not */
export type Parse = typeof parseMessage;

/**
 * Turns a record into an input: a message that is valid and of use here, or poison that has to be parked. Events
 * that this service does not use give undefined and cost nothing; a *command* that nobody knows is somebody's wish
 * that would be lost, so it is parked.
 */
export function toInput(
  record: ReceivedRecord,
  consumes: ReadonlySet<string>,
  parse: Parse = parseMessage,
): MessageInput | PoisonInput | undefined {
  const envelope = fromHeaders(record.headers);
  if (envelope === undefined)
    return poison(record, undefined, 'no CloudEvents headers', 'ce_id or ce_type is missing');
  const { id, type, traceparent } = envelope;
  if (!consumes.has(type) || !isMessageType(type)) {
    const isCommand = topics.some(({ name, kind }) => name === record.topic && kind === 'command');
    return isCommand ? poison(record, id, 'unknown command', type) : undefined;
  }
  try {
    const message = parse(type, JSON.parse(record.value.toString('utf8')));
    const weight = 'lines' in message.data ? message.data.lines.length : 1;
    return { kind: 'message', id, type, key: message.data.orderId, message, record, traceparent, weight };
  } catch (error) {
    return poison(
      record,
      id,
      error instanceof SyntaxError ? 'not JSON' : 'against the contract',
      String(error),
    );
  }
}

function poison(record: ReceivedRecord, id: string | undefined, reason: string, detail: string): PoisonInput {
  const type = record.headers['ce_type'] ?? 'unknown';
  const key = record.key;
  return { kind: 'poison', type, key, record, id, reason, detail, traceparent: undefined, weight: 1 };
}
