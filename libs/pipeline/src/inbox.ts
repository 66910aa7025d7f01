import type { MessageInput } from './input.ts';
import type { Tx } from './store.ts';
import { traceIdOf } from './trace.ts';

/** Gives those of the ids that were not handled here before. */
export async function findNew(tx: Tx, inputs: MessageInput[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ message_id: string }>({
    name: 'inbox.known',
    text: `select message_id from inbox join unnest($1::text[], $2::text[]) as came (key, message_id)
             using (key, message_id)`,
    values: [inputs.map(({ key }) => key), inputs.map(({ id }) => id)],
  });
  const fresh = new Set(inputs.map(({ id }) => id));
  for (const { message_id } of rows) fresh.delete(message_id);
  return fresh;
}

/** Marks dead letters as replayed; returns the ids of those that nobody had replayed before. */
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
  return new Set(rows.map(({ id }) => id));
}

/** What was handled. In the service that keeps the timelines it is an entry, with what came of it. */
export interface InboxRow {
  messageId: string;
  key: string;
  type: string;
  traceparent: string | undefined;
  version?: number;
  state?: string;
  sent?: string[];
  ignored?: string | undefined;
  note?: string | undefined;
}

const inboxColumns = 'message_id, key, type, trace_id, version, state, sent, ignored, note';
const inboxRows = `
  insert into inbox (${inboxColumns})
  select message_id, key, type, trace_id, version, state, string_to_array(nullif(sent, ''), ','), ignored, note
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[],
              $9::text[]) as t (${inboxColumns})`;

const inboxValues = (rows: InboxRow[]) => {
  // Sorted, so that two instances with overlapping batches wait for each other instead of deadlocking.
  const sorted = rows.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
  return [
    sorted.map(({ messageId }) => messageId),
    sorted.map(({ key }) => key),
    sorted.map(({ type }) => type),
    sorted.map(({ traceparent }) => traceIdOf(traceparent)),
    sorted.map(({ version }) => version ?? null),
    sorted.map(({ state }) => state ?? null),
    sorted.map(({ sent }) => sent?.join(',') ?? null),
    sorted.map(({ ignored }) => ignored ?? null),
    sorted.map(({ note }) => note ?? null),
  ];
};

/**
 * Writes down what was handled. What another instance has handled meanwhile breaks the primary key, and with it the
 * transaction: run again, the batch finds it in the inbox.
 */
export async function insertInbox(tx: Tx, rows: InboxRow[]): Promise<void> {
  await tx.query({ name: 'inbox.insert', text: inboxRows, values: inboxValues(rows) });
}

/** The same for what an operator sent through again: its row may be there from the first time, without a version. */
export async function replaceInbox(tx: Tx, rows: InboxRow[]): Promise<void> {
  const text = `${inboxRows} on conflict (key, message_id) do update set version = excluded.version,
    state = excluded.state, sent = excluded.sent, ignored = excluded.ignored, note = excluded.note
    where inbox.version is null`;
  await tx.query({ name: 'inbox.replace', text, values: inboxValues(rows) });
}
