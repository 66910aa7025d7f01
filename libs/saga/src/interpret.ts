import type { Saga } from './table.ts';

/** What one trigger did to a saga. */
export type Outcome<State, Facts, Message> =
  | { kind: 'move' | 'retry'; state: State; facts: Facts; messages: Message[] }
  | { kind: 'ignore'; why: string };

/** Opens a saga: its first state and the messages that set it going. Pure. */
export function start<State extends string, Trigger extends string, Facts, Message>(
  saga: Saga<State, Trigger, Facts, Message>,
  facts: Facts,
): { state: State; messages: Message[] } {
  return { state: saga.starts.to, messages: saga.starts.send.map((build) => build(facts)) };
}

/**
 * Looks up the one row for what came in and says what follows from it. Pure: no clock, no chance, no I/O, so the
 * same history always leads to the same saga.
 */
export function advance<State extends string, Trigger extends string, Facts, Message>(
  saga: Saga<State, Trigger, Facts, Message>,
  state: State,
  trigger: Trigger,
  facts: Facts,
): Outcome<State, Facts, Message> {
  const row = saga.states[state][trigger];
  if (row.kind === 'ignore') return row;
  const to = row.kind === 'move' ? row.to : state;
  const learnt = row.kind === 'move' ? { ...facts, ...row.learn } : facts;
  return { kind: row.kind, state: to, facts: learnt, messages: row.send.map((build) => build(learnt)) };
}

/** Tells whether the saga is over in this state. */
export function isEnded<State extends string>(
  saga: { readonly ends: readonly State[] },
  state: State,
): boolean {
  return saga.ends.includes(state);
}
