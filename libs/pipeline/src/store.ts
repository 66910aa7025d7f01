import type { PoolClient } from 'pg';
import type { Input, Outcome, RequestInput, Versioned } from './input.ts';

/** The open transaction. */
export type Tx = Pick<PoolClient, 'query'>;

/** What a batch touches, loaded and locked; decisions read and replace it in memory, then it is saved at once. */
export interface Unit<State> {
  get(input: { key: string }): State;
  set(input: { key: string }, state: State): void;
  /** Sends all its statements before it waits for any answer: the commit follows in the same round trip. */
  save(tx: Tx): Promise<void>;
}

/** How a service keeps its state. Rows are locked in the order of their ids, so that batches never deadlock. */
export interface Store<State, Request = never, Answer = never> {
  /** The inputs may have been handled before; what they touch is loaded all the same. */
  load(tx: Tx, inputs: readonly Input<Request, Answer>[]): Promise<Unit<State>>;
  /** Inserts the idempotency rows, and tells of each request that came before what to answer to it. */
  recognise?(
    tx: Tx,
    requests: readonly RequestInput<Request>[],
  ): Promise<Map<RequestInput<Request>, Outcome<State>>>;
}

interface RowsOptions<State> {
  /** The rows that were there, by key. */
  found: Map<string, State>;
  /** The state of a key that has no row yet. */
  initial(key: string): State;
  insert(tx: Tx, states: State[]): Promise<void>;
  update(tx: Tx, states: State[]): Promise<void>;
}

/** A unit of one row per key: new ones are inserted, changed ones updated, each once per batch. */
export function rows<State extends Versioned>({
  found,
  initial,
  insert,
  update,
}: RowsOptions<State>): Unit<State> {
  const changed = new Map<string, State>();
  return {
    get: ({ key }) => changed.get(key) ?? found.get(key) ?? initial(key),
    set: ({ key }, state) => void changed.set(key, state),
    async save(tx) {
      const inserts: State[] = [];
      const updates: State[] = [];
      for (const [key, state] of changed) (found.has(key) ? updates : inserts).push(state);
      await Promise.all([
        inserts.length === 0 ? undefined : insert(tx, inserts),
        updates.length === 0 ? undefined : update(tx, updates),
      ]);
    },
  };
}

/** The distinct keys of the inputs, sorted: the order in which rows are locked. */
export const keysOf = (inputs: readonly { key: string }[]): string[] =>
  [...new Set(inputs.map(({ key }) => key))].sort();
