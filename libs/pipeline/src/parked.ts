import type { Operator, OperatorAction, ParkedEffect } from '@doorbuster/contracts';
import type { Pool } from 'pg';
import type { AnswerInput, Outcome, Versioned } from './input.ts';
import { effectKey } from './tables.ts';
import { currentTraceparent } from './trace.ts';

/** What an operator can do about the calls to the outside world that failed as often as they may. */
export interface Parked<Answer> {
  list(limit: number): Promise<ParkedEffect[]>;
  /** Makes the parked calls of an order again, with all their attempts; returns how many that are. */
  retry(orderId: string, operator: Operator): Promise<number>;
  /**
   * Answers a parked call in the outside world's place. False when it is not parked, or another call of the order is
   * still under way, whose answer nobody knows yet.
   */
  resolve(orderId: string, type: string, answer: Answer, operator: Operator): Promise<boolean>;
}

interface Parts<State extends Versioned, Answer> {
  database: Pool;
  push(input: AnswerInput<Answer>): Promise<Outcome<State>>;
  wakeEffects(): void;
}

const moment = (column: string): string => `to_json(${column} at time zone 'utc') #>> '{}' || 'Z'`;

/** The parked effects of one service. */
export function parkedOf<State extends Versioned, Answer>(parts: Parts<State, Answer>): Parked<Answer> {
  const { database, push, wakeEffects } = parts;
  return {
    async list(limit) {
      const { rows } = await database.query<ParkedEffect>(
        `select order_id as "orderId", type, attempts, last_error as "lastError",
           ${moment('decided_at')} as "decidedAt", ${moment('parked_at')} as "parkedAt"
         from effects where parked_at is not null order by parked_at limit $1`,
        [limit],
      );
      return rows;
    },
    async retry(orderId, { by, why }) {
      const { rowCount } = await database.query(
        `with again as (
           update effects set parked_at = null, attempts = 0, due_at = now()
           where order_id = $1 and parked_at is not null returning order_id)
         insert into interventions (action, order_id, by, why) select 'retry', order_id, $2, $3 from again`,
        [orderId, by, why],
      );
      wakeEffects();
      return rowCount ?? 0;
    },
    async resolve(orderId, type, answer, byHand) {
      if (await isUnderWay(database, orderId)) return false;
      const traceparent = currentTraceparent();
      const key = effectKey(orderId, type);
      const input = { kind: 'answer', key: orderId, type, effectKey: key, answer, byHand } as const;
      const outcome = await push({ ...input, traceparent, weight: 1 });
      if (outcome.kind === 'failed') throw outcome.error;
      return outcome.kind === 'decided';
    },
  };
}

/** An order's calls are decided one after the other, so none is added while one of them is parked. */
async function isUnderWay(database: Pool, orderId: string): Promise<boolean> {
  const { rowCount } = await database.query(
    'select from effects where order_id = $1 and parked_at is null limit 1',
    [orderId],
  );
  return rowCount !== 0;
}

/** What was done by hand in this service, the newest first. */
export async function readActions(database: Pool, limit: number): Promise<OperatorAction[]> {
  const { rows } = await database.query<OperatorAction>(
    `select ${moment('at')} as at, action, subject, by, why from operator_actions order by operator_actions.at desc
     limit $1`,
    [limit],
  );
  return rows;
}
