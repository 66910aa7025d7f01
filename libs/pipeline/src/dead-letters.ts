import { type MessageType, parseMessage } from '@doorbuster/contracts';
import type { Pool } from 'pg';
import { toInput } from './consume.ts';
import type { MessageInput, Outcome, Versioned } from './input.ts';

/** A dead letter as an operator sees it. */
export interface DeadLetterView {
  id: number;
  topic: string;
  partition: number;
  position: number;
  messageId: string | null;
  type: string;
  key: string;
  reason: string;
  detail: string;
  count: number;
  firstAt: Date;
  lastAt: Date;
  replayedAt: Date | null;
  replayedBy: string | null;
  replayWhy: string | null;
  replayedAs: string | null;
}

/** Which dead letters to list; what is not named does not matter. */
export interface DeadLetterFilter {
  type?: string | undefined;
  reason?: string | undefined;
  /** Only those that nobody has replayed. */
  open?: boolean | undefined;
  after?: number | undefined;
  limit: number;
}

/** What came of replaying one dead letter. */
export type Replayed =
  | { id: number; result: 'decided' }
  | { id: number; result: 'ignored'; why: string }
  | { id: number; result: 'replayed before' }
  | { id: number; result: 'cannot be replayed'; why: string };

/** Who does it, and why: recorded beside the letter. */
export interface Operator {
  by: string;
  why: string;
}

export interface DeadLetters {
  list(filter: DeadLetterFilter): Promise<DeadLetterView[]>;
  /** One letter with its headers and original bytes; undefined where there is none. */
  show(
    id: number,
  ): Promise<(DeadLetterView & { headers: Record<string, string>; value: Buffer }) | undefined>;
  /** Sends the original through the pipeline, exactly once however often it is asked for. */
  replay(id: number, operator: Operator): Promise<Replayed>;
  /**
   * Sends another body in the letter's place: a new message on the letter's topic, linked to the original by its id.
   * @throws z.ZodError when the new body is against the contract too
   */
  edit(id: number, type: MessageType, data: unknown, operator: Operator): Promise<Replayed>;
}

const columns = `id, topic, partition, position, message_id as "messageId", type, key, reason, detail, count,
  first_at as "firstAt", last_at as "lastAt", replayed_at as "replayedAt", replayed_by as "replayedBy",
  replay_why as "replayWhy", replayed_as as "replayedAs"`;

interface Parts<State extends Versioned> {
  service: string;
  database: Pool;
  consumes: readonly MessageType[];
  push(input: MessageInput): Promise<Outcome<State>>;
  wakeRelay(): void;
}

/** What an operator can do about the messages that were parked here. */
export function deadLettersOf<State extends Versioned>(parts: Parts<State>): DeadLetters {
  const { database, service, push, wakeRelay } = parts;
  const used = new Set<string>(parts.consumes);

  async function show(id: number) {
    const { rows } = await database.query(
      `select ${columns}, headers, value from dead_letters where id = $1`,
      [id],
    );
    return rows[0] as Awaited<ReturnType<DeadLetters['show']>>;
  }

  return {
    show,
    async list({ type, reason, open = false, after = 0, limit }) {
      const { rows } = await database.query<DeadLetterView>(
        `select ${columns} from dead_letters
         where id > $1 and ($2::text is null or type = $2) and ($3::text is null or reason = $3)
           and (not $4 or replayed_at is null)
         order by id limit $5`,
        [after, type ?? null, reason ?? null, open, limit],
      );
      return rows;
    },
    async replay(id, { by, why }) {
      const letter = await show(id);
      if (letter === undefined) return { id, result: 'cannot be replayed', why: 'there is no such letter' };
      if (letter.replayedAt !== null) return { id, result: 'replayed before' };
      const { topic, partition, position, key, headers, value } = letter;
      const input = toInput({ topic, partition, offset: String(position), key, headers, value }, used);
      if (input?.kind !== 'message') {
        return {
          id,
          result: 'cannot be replayed',
          why: input === undefined ? 'it is not used here' : input.detail,
        };
      }
      return toReplayed(id, await push({ ...input, replay: { deadLetterId: id, by, why } }));
    },
    async edit(id, type, data, { by, why }) {
      const message = parseMessage(type, data);
      const letter = await show(id);
      if (letter === undefined) return { id, result: 'cannot be replayed', why: 'there is no such letter' };
      const messageId = `${message.data.orderId}/${service}/dead-letter/${id}`;
      // Marking the letter and sending the new message are one statement, so that there is never one without the other.
      const { rowCount } = await database.query(
        `with letter as (
           update dead_letters set replayed_at = now(), replayed_by = $2, replay_why = $3, replayed_as = $4
           where id = $1 and replayed_at is null returning topic)
         insert into outbox (message_id, topic, key, type, data)
         select $4, topic, $5, $6, $7 from letter`,
        [id, by, why, messageId, message.data.orderId, type, JSON.stringify(message.data)],
      );
      wakeRelay();
      return { id, result: rowCount === 0 ? 'replayed before' : 'decided' };
    },
  };
}

function toReplayed<State>(id: number, outcome: Outcome<State>): Replayed {
  if (outcome.kind === 'duplicate') return { id, result: 'replayed before' };
  if (outcome.kind === 'failed') return { id, result: 'cannot be replayed', why: String(outcome.error) };
  const why = outcome.kind === 'decided' ? outcome.ignored : undefined;
  return why === undefined ? { id, result: 'decided' } : { id, result: 'ignored', why };
}
