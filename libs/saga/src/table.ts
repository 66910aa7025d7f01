/**
 * A saga as a table: state × trigger → what happens. The table is data, so it can be read, drawn, tested row by
 * row, and the compiler refuses one that leaves a row out or misspells it.
 * Source of the idea: Garcia-Molina and Salem, "Sagas", 1987; the table form is MassTransit's state machines.
 */

/** A builder of one message from the saga's facts. Its name is what the diagram shows. */
export type Build<Facts, Message> = (facts: Facts) => Message;

/** The saga moves on, and tells others what it wants of them. */
export interface Move<State, Facts, Message> {
  readonly kind: 'move';
  readonly to: State;
  readonly send: readonly Build<Facts, Message>[];
  /** What the saga learns by taking this row, for example why the order will not be. */
  readonly learn: Partial<Facts>;
}

/** The saga stays where it is and asks again: what it asked for may have been parked on the way. */
export interface Retry<Facts, Message> {
  readonly kind: 'retry';
  readonly send: readonly Build<Facts, Message>[];
}

/** Nothing happens, for a reason. Ignoring is a decision like any other, so it is written down. */
export interface Ignore {
  readonly kind: 'ignore';
  readonly why: string;
}

export type Row<State, Facts, Message> = Move<State, Facts, Message> | Retry<Facts, Message> | Ignore;

export interface Saga<State extends string, Trigger extends string, Facts, Message> {
  readonly starts: Move<State, Facts, Message>;
  readonly ends: readonly State[];
  readonly states: Readonly<Record<State, Readonly<Record<Trigger, Row<State, Facts, Message>>>>>;
}

/** The words in which a table is written, bound to one saga's states, facts and messages. */
export function words<State extends string, Facts, Message>() {
  type B = Build<Facts, Message>;
  return {
    to: (state: State, send: B[] = [], learn: Partial<Facts> = {}): Move<State, Facts, Message> => ({
      kind: 'move',
      to: state,
      send,
      learn,
    }),
    retry: (...send: B[]): Retry<Facts, Message> => ({ kind: 'retry', send }),
    ignore: (why: string): Ignore => ({ kind: 'ignore', why }),
  };
}

/** The rows of a state in which nothing can happen any more. */
export function ended<Trigger extends string>(
  triggers: readonly Trigger[],
  why: string,
): Record<Trigger, Ignore> {
  const rows = triggers.map((trigger) => [trigger, { kind: 'ignore', why }]);
  return Object.fromEntries(rows);
}
