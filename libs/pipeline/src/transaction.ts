import { reached } from '@doorbuster/telemetry';
import { SpanKind } from '@opentelemetry/api';
import type { Pool } from 'pg';
import type { EffectRow, EffectRunner } from './effects.ts';
import * as inbox from './inbox.ts';
import type { Decision, Input, MessageInput, Outcome, PoisonInput, Versioned } from './input.ts';
import type { OutboxRow, Relay } from './relay.ts';
import { inTransaction } from './round-trips.ts';
import type { Store, Tx, Unit } from './store.ts';
import * as tables from './tables.ts';
import { inBatchSpan, type OrderSpan, orderSpan } from './trace.ts';
import { writeBatch } from './write-batch.ts';

/** The parts of a service that its transactions need. */
export interface Work<State extends Versioned, Request, Answer> {
  service: string;
  database: Pool;
  store: Store<State, Request, Answer>;
  /** Pure: the loaded state and one input in, the new state and what follows from it out. */
  decide(state: State, input: Input<Request, Answer>): Decision<State>;
  /** Where the history of an order is kept: the label of a state in its timeline. */
  timeline?: ((state: State) => string) | undefined;
  /** Makes the calls that are decided here, as far as it has places for them. */
  effects: Pick<EffectRunner, 'reserve' | 'begin'>;
  /** Publishes what is decided here, or leaves it to the process that holds the lock, which has to be woken. */
  relay: Pick<Relay, 'isLeader' | 'take'>;
  /** Told what was decided, once that is committed. */
  onCommitted?(batch: Pick<Batch<State, Request, Answer>, 'decided' | 'letters'>): void;
}

/** Anything that may be gathered. */
export type Gathered<Request, Answer> = Input<Request, Answer> | PoisonInput;

export interface Decided<State extends Versioned, Request, Answer> {
  input: Input<Request, Answer>;
  /** What the decision was made from. */
  before: State;
  decision: Decision<State>;
  span: OrderSpan;
}

/** What a commit made of a state. */
export interface Change<State, Request = never, Answer = never> {
  input: Input<Request, Answer>;
  before: State;
  after: State;
}

/** What came of decisions, without those of which nothing came. */
export const changesOf = <State extends Versioned, Request, Answer>(
  decided: Decided<State, Request, Answer>[],
): Change<State, Request, Answer>[] =>
  decided.flatMap(({ input, before, decision: { state: after } }) =>
    before === after ? [] : [{ input, before, after }],
  );

/** What was decided about a batch, and what has to be written down for it. */
export interface Batch<State extends Versioned, Request, Answer> {
  outcomes: Map<Gathered<Request, Answer>, Outcome<State>>;
  /** What the decisions have changed; undefined when there was nothing to decide. */
  unit: Unit<State> | undefined;
  decided: Decided<State, Request, Answer>[];
  letters: tables.DeadLetter[];
  /** Messages that are parked because a decision about them threw. */
  thrown: MessageInput[];
}

/** What this process goes on with once it is committed, without looking for it in the database. */
export interface HandOver {
  messages: OutboxRow[];
  /** Calls that are committed as claimed by this process, and the places that are kept free for them meanwhile. */
  calls: EffectRow[];
  reserved: number;
}

/**
 * The one transaction: recognise what came before, load and lock what the inputs touch, decide each in memory, save,
 * and append what leaves. Either all of it happens or nothing.
 * @throws whatever PostgreSQL says; `recover.ts` knows what to do about it
 */
export async function commitBatch<State extends Versioned, Request, Answer>(
  work: Work<State, Request, Answer>,
  inputs: Gathered<Request, Answer>[],
): Promise<Outcome<State>[]> {
  const spans = new Map(inputs.map((input) => [input, spanOf(work.service, input)]));
  const links = [...spans.values()].flatMap(({ link }) => link ?? []);
  const handOver: HandOver = { messages: [], calls: [], reserved: 0 };
  let failure: unknown;
  try {
    reached('before-load');
    const batch = await inBatchSpan(`${work.service} batch`, inputs.length, links, () =>
      inTransaction(
        work.database,
        (tx) => decideBatch(work, tx, inputs, spans),
        (tx, batch) => writeBatch(work, tx, batch, handOver),
      ),
    );
    reached('after-commit');
    if (handOver.messages.length > 0) work.relay.take(handOver.messages);
    work.onCommitted?.(batch);
    const { outcomes } = batch;
    return inputs.map((input) => outcomes.get(input) ?? { kind: 'failed', error: new Error('not decided') });
  } catch (error) {
    failure = error;
    handOver.calls = [];
    throw error;
  } finally {
    work.effects.begin(handOver.calls, handOver.reserved);
    for (const span of spans.values()) span.end(failure);
  }
}

/** Loads what the inputs touch while it is found out which of them are new, and decides these in memory. */
async function decideBatch<State extends Versioned, Request, Answer>(
  work: Work<State, Request, Answer>,
  tx: Tx,
  inputs: Gathered<Request, Answer>[],
  spans: Map<Gathered<Request, Answer>, OrderSpan>,
): Promise<Batch<State, Request, Answer>> {
  const valid = inputs.filter((input) => input.kind !== 'poison');
  const [outcomes, unit] = await Promise.all([
    recognise(work, tx, valid),
    valid.length === 0 ? undefined : work.store.load(tx, valid),
  ]);
  reached('after-load');
  const batch: Batch<State, Request, Answer> = { outcomes, unit, decided: [], letters: [], thrown: [] };
  for (const input of inputs) {
    if (outcomes.has(input)) continue;
    if (input.kind === 'poison') {
      batch.letters.push(tables.deadLetterOf(input, input.reason, input.detail));
      outcomes.set(input, { kind: 'parked' });
      continue;
    }
    try {
      const { before, decision } = decideOne(work, unit, input);
      const span = spans.get(input) ?? spanOf(work.service, input);
      batch.decided.push({ input, before, decision, span });
      outcomes.set(input, { kind: 'decided', state: decision.state, ignored: decision.ignored });
    } catch (error) {
      // A refusal is a message; a throw is a bug. A message is parked in place and its neighbours go on. Any other
      // input has taken its own row by now (an idempotency key, an effect, a dead letter), so it must be undone
      // with the batch.
      if (input.kind !== 'message' || input.replay !== undefined) throw error;
      batch.letters.push(tables.deadLetterOf(input, 'decide threw', String(error)));
      batch.thrown.push(input);
      outcomes.set(input, { kind: 'parked' });
    }
  }
  return batch;
}

/** Finds the inputs that have been handled before: by the inbox, or by inserting or deleting a row that only one can. */
async function recognise<State extends Versioned, Request, Answer>(
  { store }: Work<State, Request, Answer>,
  tx: Tx,
  inputs: Input<Request, Answer>[],
): Promise<Map<Gathered<Request, Answer>, Outcome<State>>> {
  const received = inputs.filter((input) => input.kind === 'message');
  const messages = received.filter(({ replay }) => replay === undefined);
  const replays = received.filter(({ replay }) => replay !== undefined);
  const answers = inputs.filter((input) => input.kind === 'answer');
  const requests = inputs.filter((input) => input.kind === 'request');
  const [unseen, waiting, marked, answered] = await Promise.all([
    messages.length === 0 ? new Set<string>() : inbox.findNew(tx, messages),
    answers.length === 0 ? new Set<string>() : tables.deleteEffects(tx, answers),
    // A dead letter is recognised by its own row, since its inbox row may be there from the first time.
    replays.length === 0 ? new Set<number>() : inbox.markReplayed(tx, replays),
    requests.length === 0 ? undefined : store.recognise?.(tx, requests),
  ]);
  const outcomes = new Map<Gathered<Request, Answer>, Outcome<State>>(answered);
  // The first input of each key goes on; twins within a batch are duplicates too.
  for (const input of messages) if (!unseen.delete(input.id)) outcomes.set(input, { kind: 'duplicate' });
  for (const input of answers)
    if (!waiting.delete(input.effectKey)) outcomes.set(input, { kind: 'duplicate' });
  for (const input of replays) {
    if (!marked.delete(input.replay?.deadLetterId ?? 0)) outcomes.set(input, { kind: 'duplicate' });
  }
  return outcomes;
}

function decideOne<State extends Versioned, Request, Answer>(
  { decide }: Work<State, Request, Answer>,
  unit: Unit<State> | undefined,
  input: Input<Request, Answer>,
): Pick<Decided<State, Request, Answer>, 'before' | 'decision'> {
  if (unit === undefined) throw new Error('Nothing was loaded');
  const before = unit.get(input);
  if (input.kind === 'timeout' && input.version !== before.version)
    return { before, decision: { state: before, ignored: 'the deadline was moved' } };
  const decision = decide(before, input);
  if (decision.state !== before) unit.set(input, decision.state);
  return { before, decision };
}

function spanOf<Request, Answer>(service: string, input: Gathered<Request, Answer>): OrderSpan {
  const kind = input.kind === 'message' ? SpanKind.CONSUMER : SpanKind.INTERNAL;
  return orderSpan(`process ${input.type}`, kind, input.traceparent, {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'process',
    'messaging.operation.name': 'process',
    'doorbuster.order.id': input.key,
    'doorbuster.service': service,
  });
}
