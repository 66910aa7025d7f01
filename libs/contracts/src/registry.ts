import type { z } from 'zod';
import { inventoryCommands, inventoryEvents } from './inventory.ts';
import { orderEvents } from './order.ts';
import { paymentCommands, paymentEvents } from './payment.ts';

/** Every topic of the shop. A topic that is not listed here is never created. */
export const topics = [
  inventoryCommands,
  inventoryEvents,
  paymentCommands,
  paymentEvents,
  orderEvents,
] as const;

const schemas = {
  ...inventoryCommands.schemas,
  ...inventoryEvents.schemas,
  ...paymentCommands.schemas,
  ...paymentEvents.schemas,
  ...orderEvents.schemas,
};

export type MessageType = keyof typeof schemas;

/** What a message of type `T` carries. */
export type Data<T extends MessageType> = z.infer<(typeof schemas)[T]>;

/** The contract of every message, by its type. */
export const messageSchemas: Readonly<Record<MessageType, z.ZodType>> = schemas;

/** A message as the domain sees it: what it is and what it says. Ids, keys and traces belong to the pipeline. */
export type Message<T extends MessageType = MessageType> = { [K in T]: { type: K; data: Data<K> } }[T];

export const messageTypes = Object.keys(schemas).filter(isMessageType);

/** Tells whether `type` is a message type that this version of the contracts knows. */
export function isMessageType(type: string): type is MessageType {
  return Object.hasOwn(schemas, type);
}

/** The topic that carries messages of this type. */
export function topicOf(type: MessageType): (typeof topics)[number] {
  const topic = topics.find(({ schemas }) => Object.hasOwn(schemas, type));
  if (topic === undefined) throw new Error(`No topic carries ${type}`);
  return topic;
}

/**
 * Validates what came over a border and gives it its type. Unknown fields are dropped, so that an old consumer
 * can read a newer producer.
 * @throws z.ZodError that names every wrong field
 */
export function parseMessage(type: MessageType, data: unknown): Message {
  // The compiler cannot follow that the schema found under `type` yields the data of the same `type`.
  return { type, data: schemas[type].parse(data) } as Message;
}
