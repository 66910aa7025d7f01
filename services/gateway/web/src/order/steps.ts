import type { OrderEvent, OrderMails, OrderMessage, OrderView, TimelineEntry } from '@doorbuster/contracts';

/** Which states an order went through, and on which ways. */
export interface Steps {
  states: string[];
  /** As `from>to`. */
  moves: Set<string>;
}

/** The way through the saga, from the entries that made a version. */
export function stepsOf(timeline: readonly TimelineEntry[]): Steps {
  const states: string[] = [];
  const moves = new Set<string>();
  for (const { state, ignored } of timeline) {
    const last = states.at(-1);
    if (ignored !== null || state === last) continue;
    if (last !== undefined) moves.add(`${last}>${state}`);
    states.push(state);
  }
  return { states, moves };
}

/** What an event makes of what is known; one that is known already makes nothing. */
export function apply(order: OrderView, { version, status, state, entry }: OrderEvent): OrderView {
  if (version <= order.version) return order;
  return { ...order, version, status, state, timeline: [...order.timeline, entry] };
}

/** One thing that happened to an order. */
export interface Moment {
  key: string;
  at: string;
  kind: 'message' | 'decision' | 'mail';
  /** The type of the message, or what happened. */
  what: string;
  from: string;
  /** The service that a command is for; everybody hears an event. */
  to: string | undefined;
  payload: unknown;
  /** Where it lies in Kafka. */
  place: string | undefined;
  /** What the order made of it. */
  entry: TimelineEntry | undefined;
  /** Since the moment before; undefined for the first, ms. */
  sinceLastMs: number | undefined;
}

type Mail = OrderMails['items'][number];
type Found = Omit<Moment, 'sinceLastMs'>;

/** Everything that is known about an order, as it came: messages, what was decided, and mails. */
export function momentsOf(
  timeline: readonly TimelineEntry[],
  messages: readonly OrderMessage[],
  mails: readonly Mail[],
): Moment[] {
  const byMessage = new Map(timeline.map((entry) => [entry.messageId, entry]));
  const inKafka = new Set(messages.map(({ id }) => id));
  const found: Found[] = [
    ...timeline.filter(({ messageId }) => !inKafka.has(messageId)).map(ofEntry),
    ...messages.map((message) => ofMessage(message, byMessage.get(message.id))),
    ...mails.map(ofMail),
  ];
  // A stable sort: what came within the same millisecond stays in the order in which it is known.
  found.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return found.map((moment, n) => {
    const last = found[n - 1];
    const sinceLastMs = last === undefined ? undefined : Date.parse(moment.at) - Date.parse(last.at);
    return { ...moment, sinceLastMs };
  });
}

/** What came without Kafka, such as the order itself or a time-out; or whose message has not been read yet. */
const ofEntry = (entry: TimelineEntry): Found => ({
  key: `${entry.version}:${entry.messageId}`,
  at: entry.at,
  kind: 'decision',
  what: entry.received,
  from: senderOf(entry.received),
  to: 'order',
  payload: undefined,
  place: undefined,
  entry,
});

function senderOf(type: string): string {
  if (type === 'TimedOut') return 'the clock';
  if (/^Stock/.test(type)) return 'inventory';
  return /^Payment/.test(type) ? 'payment' : 'the customer';
}

const ofMessage = (message: OrderMessage, entry: TimelineEntry | undefined): Found => ({
  key: `${message.topic}:${message.partition}:${message.offset}`,
  at: message.at,
  kind: 'message',
  what: message.type,
  from: message.from,
  to: /^doorbuster\.(\w+)\.commands\./.exec(message.topic)?.[1],
  payload: message.data,
  place: `${message.topic} · partition ${message.partition} · offset ${message.offset}`,
  entry,
});

const ofMail = ({ messageId, subject, at }: Mail): Found => ({
  key: messageId,
  at,
  kind: 'mail',
  what: subject,
  from: 'notification',
  to: 'the customer',
  payload: undefined,
  place: undefined,
  entry: undefined,
});
