import type { Log } from '@doorbuster/messaging';
import { reached } from '@doorbuster/telemetry';
import type { Pool } from 'pg';
import { measureEffect } from './metrics.ts';
import { inOrderSpan } from './trace.ts';
import { createWaker } from './waker.ts';

/** One call to the outside world, as its row says. */
export interface EffectCall<Data> {
  /** `orderId:operation`: what the outside world recognises a repeated call by. */
  key: string;
  orderId: string;
  data: Data;
  /** 1 for the first try. From the second on, an earlier one may have arrived: ask before doing it again. */
  attempt: number;
}

/** How a service makes one kind of call. */
export interface EffectHandler<Answer> {
  /**
   * Makes the call and gives its answer.
   * @throws NotThere when nobody listens at the other side; that says nothing about this call and uses up no attempt
   * @throws anything else when the outcome is unknown; the call is tried again later
   */
  call(effect: EffectCall<Record<string, unknown>>): Promise<Answer>;
  attemptsMax: number;
  /** What to answer when the attempts are used up. Without it the effect is parked, where an operator sees it. */
  exhausted?: Answer;
}

/** Thrown by a handler when the other side is not there at all: waiting for it is no failure of this call. */
export class NotThere extends Error {
  override readonly name = 'NotThere';
}

export interface EffectsOptions<Answer> {
  database: Pool;
  handlers: Record<string, EffectHandler<Answer>>;
  /** Feeds an answer into the pipeline; the row goes in the same transaction. Resolves when that is committed. */
  onAnswer(effect: EffectRow, answer: Answer): Promise<void>;
  log: Log;
}

export interface EffectRow {
  key: string;
  order_id: string;
  type: string;
  data: Record<string, unknown>;
  traceparent: string | null;
  attempts: number;
}

export interface EffectRunner {
  /** Says that there are new rows. */
  wake(): void;
  /** Keeps free up to so many places for calls that are about to be committed as claimed; tells how many. */
  reserve(count: number): number;
  /** Begins calls that are committed as claimed, and lets go of the places that were kept free for them. */
  begin(rows: EffectRow[], reserved: number): void;
  /** Claims no more and waits for the calls that are under way. */
  close(): Promise<void>;
}

const concurrencyMax = 256;
const pollMs = 500;
/** Longer than any call takes, so that a row is claimed twice only when its runner is dead. */
export const leaseMs = 15_000;
const backoffMs = 250;
const backoffMsMax = 5_000;
/** How soon to look again whether the other side is there. */
const awayMs = 1_000;

/**
 * Makes the calls that decisions asked for. A call is made only for a committed row, so a crash before the commit
 * makes none, and a crash after it leaves a row that the next runner claims when the lease has run out. As far as
 * there are places, a row is committed as claimed by the process that decided it, which then need not look for it.
 * Calls run side by side and each answer goes in as it comes: a slow card delays only its own order.
 */
export function startEffects<Answer>({
  database,
  handlers,
  onAnswer,
  log,
}: EffectsOptions<Answer>): EffectRunner {
  const waker = createWaker();
  const running = new Set<Promise<void>>();
  let reserved = 0;
  /** True when rows may wait that nobody has claimed. */
  let isBehind = true;
  let stopping = false;

  const placesFree = () => Math.max(0, concurrencyMax - running.size - reserved);

  async function loop(): Promise<void> {
    while (!stopping) {
      try {
        const free = placesFree();
        if (free > 0) {
          isBehind = false;
          const claimed = await claim(database, free);
          for (const row of claimed) start(row);
          isBehind ||= claimed.length === free;
        }
      } catch (error) {
        log.warn({ error: String(error) }, 'Effects cannot be claimed');
      }
      await waker.wait(pollMs);
    }
  }

  function start(row: EffectRow): void {
    const job = inOrderSpan(`effect ${row.type}`, row.traceparent ?? undefined, attributesOf(row), () =>
      perform(row),
    )
      .catch((error) =>
        log.warn(
          { error: String(error), effect: row.type, orderId: row.order_id },
          'An effect is left to its lease',
        ),
      )
      .finally(() => {
        running.delete(job);
        if (isBehind) waker.wake();
      });
    running.add(job);
  }

  async function perform(row: EffectRow): Promise<void> {
    const handler = handlers[row.type];
    if (handler === undefined) return postpone(row, new Error(`Nobody can do ${row.type}`), 'park');
    const { key, order_id: orderId, type, data, attempts: attempt } = row;
    const beganAt = performance.now();
    const over = (outcome: string) => measureEffect(type, outcome, performance.now() - beganAt);
    let answer: Answer;
    try {
      reached('before-effect');
      answer = await handler.call({ key, orderId, data, attempt });
      reached('after-effect');
      over(outcomeOf(answer));
    } catch (error) {
      over(error instanceof NotThere ? 'not_there' : 'failed');
      if (error instanceof NotThere) return postpone(row, error, 'wait');
      if (row.attempts < handler.attemptsMax) return postpone(row, error, 'retry');
      if (handler.exhausted === undefined) return postpone(row, error, 'park');
      answer = handler.exhausted;
    }
    await onAnswer(row, answer);
    reached('after-answer');
  }

  async function postpone(row: EffectRow, error: unknown, what: 'wait' | 'retry' | 'park'): Promise<void> {
    if (what === 'park')
      log.error({ effect: row.type, orderId: row.order_id, error: String(error) }, 'Effect parked');
    await database.query({
      name: 'effects.postpone',
      text: `update effects set last_error = $2, due_at = now() + $3 * interval '1 ms', attempts = attempts - $4,
               parked_at = case when $5 then now() end where key = $1`,
      values: [
        row.key,
        String(error).slice(0, 500),
        what === 'wait' ? awayMs : backoffOf(row.attempts),
        what === 'wait' ? 1 : 0,
        what === 'park',
      ],
    });
  }

  const looping = loop();
  return {
    wake: waker.wake,
    reserve(count) {
      const places = stopping ? 0 : Math.min(count, placesFree());
      reserved += places;
      isBehind ||= places < count;
      return places;
    },
    begin(rows, places) {
      reserved -= places;
      if (!stopping) for (const row of rows) start(row);
      if (isBehind) waker.wake();
    },
    async close() {
      stopping = true;
      waker.wake();
      await looping;
      await Promise.all(running);
    },
  };
}

/** Answers say of which kind they are. */
const outcomeOf = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null && 'kind' in answer ? String(answer.kind) : 'answered';

/** Doubles from try to try, up to a limit. */
export const backoffOf = (attempts: number): number =>
  Math.min(backoffMs * 2 ** (attempts - 1), backoffMsMax);

async function claim(database: Pool, count: number): Promise<EffectRow[]> {
  const { rows } = await database.query<EffectRow>({
    name: 'effects.claim',
    text: `update effects set attempts = attempts + 1, due_at = now() + $2 * interval '1 ms'
           where key in (select key from effects where due_at <= now() and parked_at is null
                         order by due_at limit $1 for update skip locked)
           returning key, order_id, type, data, traceparent, attempts`,
    values: [count, leaseMs],
  });
  return rows;
}

const attributesOf = (row: EffectRow) => ({
  'doorbuster.order.id': row.order_id,
  'doorbuster.effect.key': row.key,
  'doorbuster.effect.attempt': row.attempts,
});
