import { type Envelope, type Message, topicOf } from '@doorbuster/contracts';
import type { ReceivedRecord } from '@doorbuster/messaging';
import type { EffectRow } from './effects.ts';
import type { AnswerInput, Effect, MessageInput, PoisonInput } from './input.ts';
import type { OutboxRow } from './relay.ts';
import type { Tx } from './store.ts';

// Every statement takes a whole batch as arrays: one round trip, whether it carries one order or five hundred.
// They are named, so that PostgreSQL parses each of them once per connection.

/**
 * Takes out the effects that were answered; returns the keys of those that were still waiting for an answer. What
 * an operator answers must be parked: a call that is under way may do the same once more.
 */
export async function deleteEffects(tx: Tx, inputs: AnswerInput<unknown>[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ key: string }>({
    name: 'effects.delete',
    text: `delete from effects where key in
             (select key from effects where key = any($1) and (parked_at is not null or key <> all($2))
              order by key for update)
           returning key`,
    values: [
      inputs.map(({ effectKey }) => effectKey),
      inputs.filter(({ byHand }) => byHand !== undefined).map(({ effectKey }) => effectKey),
    ],
  });
  return new Set(rows.map(({ key }) => key));
}

/** Writes down which parked effects an operator answered, and why. */
export async function insertInterventions(tx: Tx, inputs: AnswerInput<unknown>[]): Promise<void> {
  await tx.query({
    name: 'interventions.insert',
    text: `insert into interventions (action, order_id, by, why)
           select 'resolve', * from unnest($1::text[], $2::text[], $3::text[])`,
    values: [
      inputs.map(({ key }) => key),
      inputs.map(({ byHand }) => byHand?.by),
      inputs.map(({ byHand }) => byHand?.why),
    ],
  });
}

/** A message that a decision sends, with everything that its row needs. */
export interface OutgoingMessage {
  id: string;
  key: string;
  message: Message;
  traceparent: string | undefined;
}

/** Appends messages to the outbox; returns their rows, in their order. */
export async function insertOutbox(tx: Tx, messages: OutgoingMessage[]): Promise<OutboxRow[]> {
  const rows = messages.map(({ id, key, message, traceparent }) => ({
    message_id: id,
    topic: topicOf(message.type).name,
    key,
    type: message.type,
    traceparent: traceparent ?? null,
    data: JSON.stringify(message.data),
  }));
  const inserted = await tx.query<Pick<OutboxRow, 'id' | 'decided_at'>>({
    name: 'outbox.insert',
    text: `insert into outbox (message_id, topic, key, type, traceparent, data)
           select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
           returning id, decided_at`,
    values: [
      rows.map(({ message_id }) => message_id),
      rows.map(({ topic }) => topic),
      rows.map(({ key }) => key),
      rows.map(({ type }) => type),
      rows.map(({ traceparent }) => traceparent),
      rows.map(({ data }) => data),
    ],
  });
  return inserted.rows.map((drawn, n) => ({ ...(rows[n] as (typeof rows)[number]), ...drawn }));
}

/** An effect that a decision asks for. */
export interface OutgoingEffect {
  orderId: string;
  effect: Effect;
  traceparent: string | undefined;
}

/** The key of an effect: one call of a kind per order, however often it is decided. */
export const effectKey = (orderId: string, type: string): string => `${orderId}:${type}`;

/**
 * Inserts effects, the first `claimed` of them as claimed by this process, so that it need not look for what it knows;
 * returns those that were not there before and are claimed.
 */
export async function insertEffects(
  tx: Tx,
  effects: OutgoingEffect[],
  { claimed, leaseMs }: { claimed: number; leaseMs: number },
): Promise<EffectRow[]> {
  const rows = effects.map(({ orderId, effect, traceparent }, n) => ({
    key: effectKey(orderId, effect.type),
    order_id: orderId,
    type: effect.type,
    data: effect.data,
    traceparent: traceparent ?? null,
    attempts: n < claimed ? 1 : 0,
  }));
  const inserted = await tx.query<{ key: string }>({
    name: 'effects.insert',
    text: `insert into effects (key, order_id, type, data, traceparent, attempts, due_at)
           select key, order_id, type, data, traceparent, attempts, now() + attempts * $7 * interval '1 ms'
           from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::text[], $6::int[])
             as t (key, order_id, type, data, traceparent, attempts)
           on conflict do nothing returning key`,
    values: [
      rows.map(({ key }) => key),
      rows.map(({ order_id }) => order_id),
      rows.map(({ type }) => type),
      rows.map(({ data }) => JSON.stringify(data)),
      rows.map(({ traceparent }) => traceparent),
      rows.map(({ attempts }) => attempts),
      leaseMs,
    ],
  });
  const keys = new Set(inserted.rows.map(({ key }) => key));
  return rows.filter(({ key, attempts }) => attempts === 1 && keys.has(key));
}

/** A deadline by the database's clock; null takes it away. */
export interface DeadlineRow {
  key: string;
  version: number;
  inMs: number | null;
}

export async function writeDeadlines(tx: Tx, deadlines: DeadlineRow[]): Promise<void> {
  // Only the last word about a key counts, and one statement must not touch a row twice.
  const last = [...new Map(deadlines.map((deadline) => [deadline.key, deadline])).values()];
  const set = last.filter(({ inMs }) => inMs !== null);
  const over = last.filter(({ inMs }) => inMs === null);
  const statements: Promise<unknown>[] = [];
  if (set.length > 0) {
    const written = tx.query({
      name: 'deadlines.set',
      text: `insert into deadlines (key, version, due_at)
             select key, version, now() + ms * interval '1 ms'
             from unnest($1::text[], $2::int[], $3::float8[]) as t (key, version, ms)
             on conflict (key) do update set version = excluded.version, due_at = excluded.due_at`,
      values: [set.map(({ key }) => key), set.map(({ version }) => version), set.map(({ inMs }) => inMs)],
    });
    statements.push(written);
  }
  if (over.length > 0) {
    const values = [over.map(({ key }) => key)];
    const text = 'delete from deadlines where key = any($1)';
    statements.push(tx.query({ name: 'deadlines.over', text, values }));
  }
  await Promise.all(statements);
}

/** A record to be parked, and why. */
export interface DeadLetter {
  record: ReceivedRecord;
  id: string | undefined;
  type: string;
  reason: string;
  detail: string;
}

export async function insertDeadLetters(tx: Tx, letters: DeadLetter[]): Promise<void> {
  const statements = letters.map(({ record, id, type, reason, detail }) =>
    tx.query({
      name: 'dead_letters.insert',
      text: `insert into dead_letters (topic, partition, position, message_id, type, key, headers, value, reason, detail)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict (topic, partition, position) do update set count = dead_letters.count + 1, last_at = now()`,
      values: [
        record.topic,
        record.partition,
        record.offset,
        id === undefined ? null : storable(id),
        storable(type),
        storable(record.key),
        storable(JSON.stringify(record.headers)),
        record.value,
        reason,
        storable(detail.slice(0, 2_000)),
      ],
    }),
  );
  await Promise.all(statements);
}

/** What is poisonous may be poisonous to PostgreSQL too; the original bytes are kept in `value`. */
const storable = (text: string): string =>
  text.toWellFormed().replaceAll('\0', '�').replaceAll('\\u0000', '�');

export async function countStopped(tx: Tx, stoppedBy: string, count: number): Promise<void> {
  await tx.query({
    name: 'stopped_duplicates.add',
    text: `insert into stopped_duplicates values ($1, $2)
           on conflict (stopped_by) do update set count = stopped_duplicates.count + excluded.count`,
    values: [stoppedBy, count],
  });
}

/** A dead letter from an input that came as a message. */
export function deadLetterOf(input: MessageInput | PoisonInput, reason: string, detail: string): DeadLetter {
  return { record: input.record, id: input.id, type: input.type, reason, detail };
}

/** The envelope of an outbox row. */
export function envelopeOf(
  row: { message_id: string; type: string; decided_at: Date; traceparent: string | null },
  source: string,
): Envelope {
  return {
    id: row.message_id,
    type: row.type,
    source,
    time: row.decided_at.toISOString(),
    traceparent: row.traceparent ?? undefined,
  };
}
