import { type ReceivedRecord, readTopic } from '@doorbuster/messaging';
import type { Client } from 'pg';
import { pages } from '../database.ts';
import { type DeadLetterEntry, type ServiceName, serviceNames } from './pipelines.ts';

/** The auditor's own opinion of who listens to what. Were it taken from the services, it could not contradict them. */
export const usedBy: Record<ServiceName, readonly string[]> = {
  order: [
    'StockReserved',
    'StockRejected',
    'StockReleased',
    'StockCommitted',
    'PaymentCaptured',
    'PaymentDeclined',
    'PaymentClosed',
  ],
  inventory: ['ReserveStock', 'ReleaseStock', 'OrderConfirmed'],
  payment: ['CapturePayment', 'ClosePayment'],
  notification: ['OrderConfirmed', 'OrderCancelled'],
};

const topicNames = [
  'doorbuster.order.events.v1',
  'doorbuster.inventory.commands.v1',
  'doorbuster.inventory.events.v1',
  'doorbuster.payment.commands.v1',
  'doorbuster.payment.events.v1',
];

/** How often an order's version grew, as its timeline tells it. */
export interface Timeline {
  /** The versions of the entries from which something came, in the order of their ids. */
  versions: number[];
  ignored: number;
}

export interface MissingMessage {
  service: ServiceName;
  id: string;
  type: string;
}

export interface MessageBooks {
  /** Records in all topics. */
  records: number;
  /** Records that are no messages of ours. */
  strangers: number;
  /** Messages, once per service that uses them. */
  due: number;
  missing: MissingMessage[];
  timelines: Map<string, Timeline>;
}

/** The ids, with their types, of what each service must have handled or parked. */
export type Due = Record<ServiceName, Map<string, string>>;

export interface Topics {
  records: number;
  strangers: number;
  due: Due;
}

/** Reads every topic from its beginning to where it ends now; without brokers, none. */
export async function readTopics(brokers: string[] | null): Promise<Topics> {
  const due: Due = { order: new Map(), inventory: new Map(), payment: new Map(), notification: new Map() };
  const topics: Topics = { records: 0, strangers: 0, due };
  if (brokers === null) return topics;
  const options = { brokers, clientId: 'auditor' };
  await Promise.all(topicNames.map((topic) => readTopic(options, topic, (record) => note(topics, record))));
  return topics;
}

function note(topics: Topics, { headers }: ReceivedRecord): void {
  topics.records++;
  const { ce_id: id, ce_type: type } = headers;
  if (id === undefined || type === undefined) {
    topics.strangers++;
    return;
  }
  for (const service of serviceNames) if (usedBy[service].includes(type)) topics.due[service].set(id, type);
}

/**
 * Goes through one service's inbox and crosses out what is due there; what is left is missing. In the order
 * service the inbox is the orders' timeline as well.
 */
export async function crossOutInbox(
  database: Client,
  due: Map<string, string>,
  timelines: Map<string, Timeline>,
): Promise<void> {
  const rows = pages<{ id: string; key: string; version: number | null; decided: boolean }>(database, {
    text: `select message_id as id, key, version, ignored is null as decided from inbox
           where (key, message_id) > ($1, $2) order by key, message_id limit $3`,
    from: ['', ''],
    cursorOf: ({ id, key }) => [key, id],
  });
  for await (const page of rows) {
    for (const { id, key, version, decided } of page) {
      due.delete(id);
      if (version === null) continue;
      const timeline = timelines.get(key) ?? { versions: [], ignored: 0 };
      if (decided) timeline.versions.push(version);
      else timeline.ignored++;
      timelines.set(key, timeline);
    }
  }
}

/** Crosses out what is parked as a dead letter. */
export function crossOutParked(due: Map<string, string>, letters: DeadLetterEntry[]): void {
  for (const { messageId } of letters) if (messageId !== null) due.delete(messageId);
}
