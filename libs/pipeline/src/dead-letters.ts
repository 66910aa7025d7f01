import {
  type DeadLetter,
  type DeadLetterDetail,
  type DeadLetterPage,
  type MessageType,
  type Operator,
  parseMessage,
  type Replayed,
  topicOf,
} from '@doorbuster/contracts';
import type { Pool } from 'pg';
import { type Parse, toInput } from './consume.ts';
import type { MessageInput, Outcome, Versioned } from './input.ts';

/** Which dead letters to list; what is not named does not matter. */
export interface DeadLetterFilter {
  type?: string | undefined;
  reason?: string | undefined;
  /** Only those that nobody has replayed. */
  open: boolean;
  after: number;
  limit: number;
}

/** What an operator can do about the messages that were parked here. */
export interface DeadLetters {
  list(filter: DeadLetterFilter): Promise<DeadLetterPage>;
  /** One letter with its headers and original bytes; undefined where there is none. */
  show(id: number): Promise<DeadLetterDetail | undefined>;
  /** Sends the original through the pipeline, exactly once however often it is asked for. */
  replay(id: number, operator: Operator): Promise<Replayed>;
  /**
   * Sends another message in the letter's place, by way of Kafka: a new one, linked to the original by its id.
   * @throws z.ZodError when the new message is against the contract too
   */
  edit(id: number, type: MessageType, data: unknown, operator: Operator): Promise<Replayed>;
}

interface Parts<State extends Versioned> {
  service: string;
  database: Pool;
  consumes: readonly MessageType[];
  parse?: Parse | undefined;
  push(input: MessageInput): Promise<Outcome<State>>;
  wakeRelay(): void;
}

const moment = (column: string): string => `to_json(${column} at time zone 'utc') #>> '{}' || 'Z'`;

const columns = `id, topic, partition, position as "offset", message_id as "messageId", type, key, reason, detail, count,
  ${moment('first_at')} as "firstAt", ${moment('last_at')} as "lastAt", ${moment('replayed_at')} as "replayedAt",
  replayed_by as "replayedBy", replay_why as "replayWhy", replayed_as as "replayedAs"`;

/** The dead letters of one service: its own table, and its own pipeline to send them through again. */
export function deadLettersOf<State extends Versioned>(parts: Parts<State>): DeadLetters {
  const { database, service, push, wakeRelay } = parts;
  const used = new Set<string>(parts.consumes);

  async function show(id: number): Promise<DeadLetterDetail | undefined> {
    const { rows } = await database.query<DeadLetterDetail>(
      `select ${columns}, headers, translate(encode(value, 'base64'), E'\\n', '') as value from dead_letters
       where id = $1`,
      [id],
    );
    return rows[0];
  }

  return {
    show,
    async list({ type, reason, open, after, limit }) {
      const { rows: items } = await database.query<DeadLetter>(
        `select ${columns} from dead_letters
         where id > $1 and ($2::text is null or type = $2) and ($3::text is null or reason = $3)
           and (not $4 or replayed_at is null)
         order by id limit $5`,
        [after, type ?? null, reason ?? null, open, limit],
      );
      return { items, next: items.length < limit ? null : (items.at(-1)?.id ?? null) };
    },
    async replay(id, operator) {
      const letter = await show(id);
      if (letter === undefined) return noLetter(id);
      if (letter.replayedAt !== null) return { id, result: 'replayed before' };
      const { topic, partition, offset, key, headers } = letter;
      const value = Buffer.from(letter.value, 'base64');
      const input = toInput(
        { topic, partition, offset: String(offset), key, headers, value },
        used,
        parts.parse,
      );
      if (input === undefined) return { id, result: 'impossible', why: `${service} does not use it` };
      if (input.kind === 'poison') {
        return { id, result: 'impossible', why: `${input.reason}: ${input.detail}; it has to be edited` };
      }
      return toReplayed(id, await push({ ...input, replay: { deadLetterId: id, ...operator } }));
    },
    async edit(id, type, data, { by, why }) {
      const message = parseMessage(type, data);
      const { orderId } = message.data;
      const messageId = `${orderId}/${service}/dead-letter/${id}`;
      // Marking the letter and sending the new message are one statement, so there is never one without the other.
      const { rowCount } = await database.query(
        `with letter as (
           update dead_letters set replayed_at = now(), replayed_by = $2, replay_why = $3, replayed_as = $4
           where id = $1 and replayed_at is null returning headers)
         insert into outbox (message_id, topic, key, type, traceparent, data)
         select $4, $5, $6, $7, headers ->> 'traceparent', $8 from letter`,
        [id, by, why, messageId, topicOf(type).name, orderId, type, JSON.stringify(message.data)],
      );
      if (rowCount === 0)
        return (await show(id)) === undefined ? noLetter(id) : { id, result: 'replayed before' };
      wakeRelay();
      return { id, result: 'sent', messageId };
    },
  };
}

const noLetter = (id: number): Replayed => ({ id, result: 'impossible', why: 'there is no such letter' });

function toReplayed<State>(id: number, outcome: Outcome<State>): Replayed {
  if (outcome.kind === 'duplicate') return { id, result: 'replayed before' };
  if (outcome.kind === 'failed') return { id, result: 'impossible', why: String(outcome.error) };
  const why = outcome.kind === 'decided' ? outcome.ignored : undefined;
  return why === undefined ? { id, result: 'decided' } : { id, result: 'ignored', why };
}
