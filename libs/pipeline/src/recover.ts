import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@doorbuster/messaging';
import type { Outcome, Versioned } from './input.ts';
import { deadLetterOf, insertDeadLetters } from './tables.ts';
import { commitBatch, type Gathered, type Work } from './transaction.ts';

type Verdict = 'rerun' | 'reconnect' | 'bisect' | 'bug';

/**
 * What to do about an error of PostgreSQL, by its SQLSTATE.
 * Source: https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
export function verdictOf(error: unknown): Verdict {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Serialization failure, deadlock, lock time-out, and a row that another instance inserted meanwhile.
  if (['40001', '40P01', '55P03', '23505'].includes(code)) return 'rerun';
  // Bad data and broken constraints: one of the batch is the cause, the others are innocent.
  if (code.startsWith('22') || code.startsWith('23')) return 'bisect';
  // The server goes away, is full, or cut a statement off; and the socket errors, which have names, not numbers.
  if (/^(08|53|57|58)/.test(code) || /^E[A-Z]+$/.test(code)) return 'reconnect';
  if (/terminated|timeout|not queryable|connection/i.test(String(error))) return 'reconnect';
  return 'bug';
}

export interface RecoveryOptions {
  log: Log;
  /** Ends the retries when the process stops; what was not committed is delivered again. */
  stopping: AbortSignal;
}

const rerunsMax = 10;
const pauseMsMax = 1_000;
/** Longer than this no HTTP client is kept waiting for a database that does not answer. */
const requestPatienceMs = 5_000;

/**
 * Commits a batch whatever happens: reruns what met a conflict, waits for a database that went away, and halves a
 * batch that has a bad input in it until that one is found. After a lost connection nobody knows whether the
 * commit arrived; running the batch again asks the database itself, since everything in it is recognised.
 */
export function createCommit<State extends Versioned, Request, Answer>(
  work: Work<State, Request, Answer>,
  { log, stopping }: RecoveryOptions,
) {
  type In = Gathered<Request, Answer>;

  async function commit(inputs: In[]): Promise<Outcome<State>[]> {
    const startedAt = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await commitBatch(work, inputs);
      } catch (error) {
        stopping.throwIfAborted();
        const verdict = verdictOf(error);
        const isConflict = verdict === 'rerun' && attempt < rerunsMax;
        if (!isConflict && verdict !== 'reconnect') return isolate(inputs, error);
        if (verdict === 'reconnect') {
          if (attempt === 1) log.warn({ error: String(error) }, 'The database did not commit; trying again');
          if (performance.now() - startedAt > requestPatienceMs) {
            const requests = inputs.filter(({ kind }) => kind === 'request');
            if (requests.length > 0) return giveUp(inputs, error);
          }
        }
        await delay(Math.min(10 * 2 ** attempt, pauseMsMax), undefined, { signal: stopping });
      }
    }
  }

  /** Answers the requests "unknown", which their Idempotency-Key resolves, and goes on with everything else. */
  async function giveUp(inputs: In[], error: unknown): Promise<Outcome<State>[]> {
    const rest = inputs.filter(({ kind }) => kind !== 'request');
    const outcomes = rest.length === 0 ? [] : await commit(rest);
    return inputs.map((input) =>
      input.kind === 'request' ? { kind: 'failed', error } : pick(rest, outcomes, input),
    );
  }

  async function isolate(inputs: In[], error: unknown): Promise<Outcome<State>[]> {
    if (inputs.length > 1) {
      const middle = Math.ceil(inputs.length / 2);
      return [...(await commit(inputs.slice(0, middle))), ...(await commit(inputs.slice(middle)))];
    }
    const [input] = inputs;
    log.error(
      { error: String(error), type: input?.type, orderId: input?.key },
      'An input cannot be committed',
    );
    const isReplay = input?.kind === 'message' && input.replay !== undefined;
    if (isReplay || (input?.kind !== 'message' && input?.kind !== 'poison'))
      return [{ kind: 'failed', error }];
    await insertDeadLetters(work.database, [deadLetterOf(input, 'database refused', String(error))]);
    return [{ kind: 'parked' }];
  }

  return commit;
}

function pick<I, O>(inputs: I[], outcomes: O[], input: I): O {
  const outcome = outcomes[inputs.indexOf(input)];
  if (outcome === undefined) throw new Error('An input has no outcome');
  return outcome;
}
