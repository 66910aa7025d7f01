import { type Envelope, type Message, topicOf } from '@doorbuster/contracts';
import type { ReceivedRecord } from '@doorbuster/messaging';
import type { AnswerInput, Effect, MessageInput, PoisonInput } from './input.ts';
import type { Tx } from './store.ts';
import { traceIdOf } from './trace.ts';

// Every statement takes a whole batch as arrays: one round trip, whether it carries one order or five hundred.
// They are named, so that PostgreSQL parses each of them once per connection.

/** Inserts the ids of the messages; returns those that were not there before. */
export async function insertInbox(tx: Tx, inputs: MessageInput[]): Promise<Set<string>> {
  // Sorted, so that two instances with overlapping batches wait for each other instead of deadlocking.
  const sorted = inputs.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { rows } = await tx.query<{ message_id: string }>({
    name: 'inbox.insert',
    text: `insert into inbox (message_id, key, type, trace_id)
           select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
           on conflict do nothing returning message_id`,
    values: [
      sorted.map(({ id }) => id),
      sorted.map(({ key }) => key),
      sorted.map(({ type }) => type),
      sorted.map(({ traceparent }) => traceIdOf(traceparent)),
    ],
  });
  return new Set(rows.map(({ message_id }) => message_id));
}

/**
 * Marks dead letters as replayed, and their messages as handled here; returns the ids of those that nobody had
 * replayed before.
 */
export async function markReplayed(tx: Tx, inputs: MessageInput[]): Promise<Set<number>> {
  const sorted = inputs.toSorted((a, b) => (a.replay?.deadLetterId ?? 0) - (b.replay?.deadLetterId ?? 0));
  const { rows } = await tx.query<{ id: number }>({
    name: 'dead_letters.replayed',
    text: `update dead_letters set replayed_at = now(), replayed_by = new.by, replay_why = new.why
           from unnest($1::bigint[], $2::text[], $3::text[]) as new (id, by, why)
           where dead_letters.id = new.id and replayed_at is null returning dead_letters.id`,
    values: [
      sorted.map(({ replay }) => replay?.deadLetterId),
      sorted.map(({ replay }) => replay?.by),
      sorted.map(({ replay }) => replay?.why),
    ],
  });
  await insertInbox(tx, inputs);
  return new Set(rows.map(({ id }) => id));
}

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

/** One entry of an order's timeline. */
export interface TimelineRow {
  messageId: string;
  key: string;
  type: string;
  traceparent: string | undefined;
  version: number;
  state: string;
  sent: string[];
  ignored: string | undefined;
  note: string | undefined;
}

/** Writes what came of each input beside its inbox row, or a row of its own where it was no message. */
export async function writeTimeline(tx: Tx, entries: TimelineRow[]): Promise<void> {
  await tx.query({
    name: 'inbox.timeline',
    text: `insert into inbox (message_id, key, type, trace_id, version, state, sent, ignored, note)
           select id, key, type, trace, version, state, string_to_array(nullif(sent, ''), ','), ignored, note
           from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[],
                       $9::text[]) as t (id, key, type, trace, version, state, sent, ignored, note)
           on conflict (message_id) do update set version = excluded.version, state = excluded.state,
             sent = excluded.sent, ignored = excluded.ignored, note = excluded.note
           where inbox.version is null`,
    values: [
      entries.map(({ messageId }) => messageId),
      entries.map(({ key }) => key),
      entries.map(({ type }) => type),
      entries.map(({ traceparent }) => traceIdOf(traceparent)),
      entries.map(({ version }) => version),
      entries.map(({ state }) => state),
      entries.map(({ sent }) => sent.join(',')),
      entries.map(({ ignored }) => ignored ?? null),
      entries.map(({ note }) => note ?? null),
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

export async function insertOutbox(tx: Tx, messages: OutgoingMessage[]): Promise<void> {
  await tx.query({
    name: 'outbox.insert',
    text: `insert into outbox (message_id, topic, key, type, traceparent, data)
           select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])`,
    values: [
      messages.map(({ id }) => id),
      messages.map(({ message }) => topicOf(message.type).name),
      messages.map(({ key }) => key),
      messages.map(({ message }) => message.type),
      messages.map(({ traceparent }) => traceparent ?? null),
      messages.map(({ message }) => JSON.stringify(message.data)),
    ],
  });
}

/** An effect that a decision asks for. */
export interface OutgoingEffect {
  orderId: string;
  effect: Effect;
  traceparent: string | undefined;
}

/** The key of an effect: one call of a kind per order, however often it is decided. */
export const effectKey = (orderId: string, type: string): string => `${orderId}:${type}`;

export async function insertEffects(tx: Tx, effects: OutgoingEffect[]): Promise<void> {
  await tx.query({
    name: 'effects.insert',
    text: `insert into effects (key, order_id, type, data, traceparent)
           select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::text[])
           on conflict do nothing`,
    values: [
      effects.map(({ orderId, effect }) => effectKey(orderId, effect.type)),
      effects.map(({ orderId }) => orderId),
      effects.map(({ effect }) => effect.type),
      effects.map(({ effect }) => JSON.stringify(effect.data)),
      effects.map(({ traceparent }) => traceparent ?? null),
    ],
  });
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
  if (set.length > 0) {
    await tx.query({
      name: 'deadlines.set',
      text: `insert into deadlines (key, version, due_at)
             select key, version, now() + ms * interval '1 ms'
             from unnest($1::text[], $2::int[], $3::float8[]) as t (key, version, ms)
             on conflict (key) do update set version = excluded.version, due_at = excluded.due_at`,
      values: [set.map(({ key }) => key), set.map(({ version }) => version), set.map(({ inMs }) => inMs)],
    });
  }
  if (over.length > 0) {
    const values = [over.map(({ key }) => key)];
    await tx.query({ name: 'deadlines.over', text: 'delete from deadlines where key = any($1)', values });
  }
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
  for (const { record, id, type, reason, detail } of letters) {
    await tx.query({
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
    });
  }
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
