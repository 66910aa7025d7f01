import { fromHeaders, OrderId, type OrderMessage, type TimelineEntry, topics } from '@doorbuster/contracts';
import { type KafkaOptions, type ReceivedRecord, readKey } from '@doorbuster/messaging';
import { Problem } from '@doorbuster/service';
import type { RequestHandler } from 'express';
import type { Pool } from 'pg';
import { readOrders } from './store.ts';
import { readTimeline } from './timeline.ts';

/** A reading costs the brokers more than an order does, and nobody needs many at once. */
const readingsMax = 2;
const messagesMax = 1_000;
const recordsMax = 50_000;
const limitMs = 3_000;
/** Beyond this whoever asks is answered, whether the brokers are or not. */
const patienceMs = 8_000;
/** The brokers' clock may be behind ours. */
const marginMs = 5_000;

/** Serves the messages about an order as they stand in Kafka, whoever sent them. */
export function showMessages(database: Pool, kafka: KafkaOptions): RequestHandler {
  let readings = 0;
  return async (req, res) => {
    const id = OrderId.safeParse(req.params['id']);
    const [order] = id.success ? await readOrders(database, [id.data]) : [];
    if (order === undefined) throw new Problem(404, 'There is no such order');
    const { orderId, placedAt } = order;
    const expected = expectedOf(orderId, await readTimeline(database, orderId));
    if (readings >= readingsMax) throw notNow('Others are reading messages');
    readings++;
    const reading = read(kafka, orderId, placedAt, expected).finally(() => readings--);
    const items = await within(reading, patienceMs);
    if (items === undefined) throw notNow('Kafka does not answer');
    res.set('Cache-Control', 'no-store').json({ items });
  };
}

const notNow = (why: string): Problem => new Problem(503, why, { headers: { 'Retry-After': '1' } });

/** What came of it in time; what is too late or fails is undefined. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  try {
    return await Promise.race([work.catch(() => undefined), promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The ids of all messages that the order's timeline speaks of: those that came in, and those that were sent because of it.
 * When all of them are found nothing more is to be read.
 */
export function expectedOf(orderId: string, timeline: readonly TimelineEntry[]): Set<string> {
  const came = timeline.map(({ messageId }) => messageId).filter(isMessageId);
  const sent = timeline
    .filter(({ ignored }) => ignored === null)
    .flatMap(({ version, sent }) => sent.map((_, n) => `${orderId}/order/${version}/${n}`));
  return new Set([...came, ...sent]);
}

/** `orderId/service/version/n`; what was no message has a part less. */
const isMessageId = (id: string): boolean => id.split('/').length === 4;

async function read(
  kafka: KafkaOptions,
  orderId: string,
  placedAt: string,
  expected: Set<string>,
): Promise<OrderMessage[]> {
  const items: OrderMessage[] = [];
  const missing = new Set(expected);
  await readKey(kafka, {
    key: orderId,
    topics: topics.map(({ name }) => name),
    sinceMs: Date.parse(placedAt) - marginMs,
    recordsMax,
    limitMs,
    onRecord(record) {
      const message = toMessage(record);
      items.push(message);
      missing.delete(message.id);
      return missing.size === 0 || items.length >= messagesMax;
    },
  });
  return items.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** A record as people may read it. What is no message of ours has no name and no data. */
export function toMessage({ topic, partition, offset, headers, value }: ReceivedRecord): OrderMessage {
  const envelope = fromHeaders(headers);
  const time = Date.parse(envelope?.time ?? '');
  return {
    id: envelope?.id ?? '',
    type: envelope?.type ?? 'unknown',
    from: envelope?.source || 'unknown',
    topic,
    partition,
    offset,
    at: new Date(Number.isNaN(time) ? 0 : time).toISOString(),
    data: masked(parse(value)),
  };
}

function parse(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString('utf8'));
  } catch {
    return null;
  }
}

const hidden = new Set(['card', 'email']);

/** The same without what nobody may read who only knows the order's id. */
export function masked(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(masked);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, hidden.has(name) ? '[redacted]' : masked(value)]),
  );
}
