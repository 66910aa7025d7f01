import { SpanKind } from '@opentelemetry/api';
import type { Pool } from 'pg';
import type { AnswerInput, Decision, Input, MessageInput, Outcome, PoisonInput, Versioned } from './input.ts';
import type { Store, Tx, Unit } from './store.ts';
import * as tables from './tables.ts';
import { inBatchSpan, type OrderSpan, orderSpan } from './trace.ts';

/** The parts of a service that its transactions need. */
export interface Work<State extends Versioned, Request, Answer> {
  service: string;
  database: Pool;
  store: Store<State, Request, Answer>;
  /** Pure: the loaded state and one input in, the new state and what follows from it out. */
  decide(state: State, input: Input<Request, Answer>): Decision<State>;
  /** Where the history of an order is kept: the label of a state in its timeline. */
  timeline?: ((state: State) => string) | undefined;
  /** True where this process does not relay by itself and must wake the one that does. */
  mustNotify(): boolean;
}

/** Anything that may be gathered. */
export type Gathered<Request, Answer> = Input<Request, Answer> | PoisonInput;

interface Decided<State extends Versioned, Request, Answer> {
  input: Input<Request, Answer>;
  decision: Decision<State>;
  span: OrderSpan;
}

/**
 * The one transaction: recognise what came before, load and lock what the rest touches, decide each in memory,
 * save, and append what leaves. Either all of it happens or nothing.
 * @throws whatever PostgreSQL says; `recover.ts` knows what to do about it
 */
export async function commitBatch<State extends Versioned, Request, Answer>(
  work: Work<State, Request, Answer>,
  inputs: Gathered<Request, Answer>[],
): Promise<Outcome<State>[]> {
  const spans = new Map(inputs.map((input) => [input, spanOf(work.service, input)]));
  const links = [...spans.values()].flatMap(({ link }) => link ?? []);
  let failure: unknown;
  try {
    return await inBatchSpan(`${work.service} batch`, inputs.length, links, () =>
      inTransaction(work.database, (tx) => decideBatch(work, tx, inputs, spans)),
    );
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    for (const span of spans.values()) span.end(failure);
  }
}

async function inTransaction<T>(database: Pool, body: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await database.connect();
  // A connection that breaks is reported to whoever waits for a query, and once more as an event, which nobody
  // hears while the client is out of its pool; unheard it would end the process.
  const ignore = () => undefined;
  client.on('error', ignore);
  let failure: unknown;
  try {
    await client.query('begin');
    const result = await body(client);
    await client.query('commit');
    return result;
  } catch (error) {
    failure = error;
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    // A connection on which something failed is not used again: nobody knows what state it is in. It may yet say that
    // it breaks, so somebody has to go on listening.
    if (failure === undefined) client.off('error', ignore);
    client.release(failure !== undefined);
  }
}

async function decideBatch<State extends Versioned, Request, Answer>(
  work: Work<State, Request, Answer>,
  tx: Tx,
  inputs: Gathered<Request, Answer>[],
  spans: Map<Gathered<Request, Answer>, OrderSpan>,
): Promise<Outcome<State>[]> {
  const outcomes = await recognise(work, tx, inputs);
  const fresh = inputs.filter((input) => input.kind !== 'poison' && !outcomes.has(input)) as Input<
    Request,
    Answer
  >[];
  const letters: tables.DeadLetter[] = [];
  for (const input of inputs) {
    if (input.kind !== 'poison') continue;
    letters.push(tables.deadLetterOf(input, input.reason, input.detail));
    outcomes.set(input, { kind: 'parked' });
  }

  if (fresh.length > 0) {
    const unit = await work.store.load(tx, fresh);
    const decided: Decided<State, Request, Answer>[] = [];
    for (const input of fresh) {
      try {
        const decision = decideOne(work, unit, input);
        decided.push({ input, decision, span: spans.get(input) ?? spanOf(work.service, input) });
        outcomes.set(input, { kind: 'decided', state: decision.state, ignored: decision.ignored });
      } catch (error) {
        // A refusal is a message; a throw is a bug. A message is parked in place and its neighbours go on. Any other
        // input has taken its own row by now (an idempotency key, an effect, a dead letter), so it must be undone
        // with the batch.
        if (input.kind !== 'message' || input.replay !== undefined) throw error;
        letters.push(tables.deadLetterOf(input, 'decide threw', String(error)));
        outcomes.set(input, { kind: 'parked' });
      }
    }
    await unit.save(tx);
    await append(work, tx, decided);
    const resolved = fresh.filter((input) => input.kind === 'answer').filter(({ byHand }) => byHand);
    if (resolved.length > 0) await tables.insertInterventions(tx, resolved);
  }
  if (letters.length > 0) await tables.insertDeadLetters(tx, letters);
  return inputs.map((input) => outcomes.get(input) ?? { kind: 'failed', error: new Error('not decided') });
}

/** Finds the inputs that have been handled before, by inserting or deleting the rows that only one can. */
async function recognise<State extends Versioned, Request, Answer>(
  { store }: Work<State, Request, Answer>,
  tx: Tx,
  inputs: Gathered<Request, Answer>[],
): Promise<Map<Gathered<Request, Answer>, Outcome<State>>> {
  const outcomes = new Map<Gathered<Request, Answer>, Outcome<State>>();
  const received = inputs.filter((input) => input.kind === 'message');
  const messages = received.filter(({ replay }) => replay === undefined);
  const replays = received.filter(({ replay }) => replay !== undefined);
  const answers = inputs.filter((input) => input.kind === 'answer');
  const requests = inputs.filter((input) => input.kind === 'request');

  const duplicates = [
    ...(messages.length === 0 ? [] : notIn(await tables.insertInbox(tx, messages), messages, ({ id }) => id)),
    ...(answers.length === 0
      ? []
      : notIn(await tables.deleteEffects(tx, answers), answers, (a) => a.effectKey)),
  ];
  // A dead letter is recognised by its own row, since its inbox row may be there from the first time.
  const marked = replays.length === 0 ? new Set<number>() : await tables.markReplayed(tx, replays);
  for (const input of replays) {
    if (!marked.delete(input.replay?.deadLetterId ?? 0)) outcomes.set(input, { kind: 'duplicate' });
  }
  for (const input of duplicates) outcomes.set(input, { kind: 'duplicate' });
  if (duplicates.length > 0) await tables.countStopped(tx, 'inbox', duplicates.length);

  if (requests.length > 0 && store.recognise !== undefined) {
    for (const [request, outcome] of await store.recognise(tx, requests)) outcomes.set(request, outcome);
  }
  return outcomes;
}

/** All but the first input of each key in the set: twins within a batch are duplicates too. */
function notIn<I extends MessageInput | AnswerInput<unknown>>(
  fresh: Set<string>,
  inputs: I[],
  keyOf: (input: I) => string,
): I[] {
  return inputs.filter((input) => !fresh.delete(keyOf(input)));
}

function decideOne<State extends Versioned, Request, Answer>(
  { decide }: Work<State, Request, Answer>,
  unit: Unit<State>,
  input: Input<Request, Answer>,
): Decision<State> {
  const state = unit.get(input);
  if (input.kind === 'timeout' && input.version !== state.version)
    return { state, ignored: 'the deadline was moved' };
  const decision = decide(state, input);
  if (decision.state !== state) unit.set(input, decision.state);
  return decision;
}

/** Writes the rows of everything that leaves: messages, effects, deadlines, and the timeline. */
async function append<State extends Versioned, Request, Answer>(
  { service, timeline, mustNotify }: Work<State, Request, Answer>,
  tx: Tx,
  decided: Decided<State, Request, Answer>[],
): Promise<void> {
  const messages: tables.OutgoingMessage[] = [];
  const effects: tables.OutgoingEffect[] = [];
  const deadlines: tables.DeadlineRow[] = [];
  for (const { input, decision, span } of decided) {
    const { version } = decision.state;
    for (const [n, message] of (decision.messages ?? []).entries()) {
      const id = `${input.key}/${service}/${version}/${n}`;
      messages.push({ id, key: input.key, message, traceparent: span.traceparent });
    }
    for (const effect of decision.effects ?? []) {
      effects.push({ orderId: input.key, effect, traceparent: span.traceparent });
    }
    if (decision.deadlineMs !== undefined)
      deadlines.push({ key: input.key, version, inMs: decision.deadlineMs });
  }
  const twice = decided.filter(({ decision }) => decision.duplicate).length;
  if (twice > 0) await tables.countStopped(tx, 'business key', twice);
  if (timeline !== undefined) await tables.writeTimeline(tx, decided.flatMap(toTimeline(timeline)));
  if (effects.length > 0) await tables.insertEffects(tx, effects);
  if (deadlines.length > 0) await tables.writeDeadlines(tx, deadlines);
  if (messages.length > 0) {
    await tables.insertOutbox(tx, messages);
    if (mustNotify()) await tx.query('notify outbox');
  }
}

const toTimeline =
  <State extends Versioned, Request, Answer>(label: (state: State) => string) =>
  ({ input, decision }: Decided<State, Request, Answer>): tables.TimelineRow[] => {
    // A deadline that was moved says nothing about the order.
    if (input.kind === 'timeout' && decision.ignored !== undefined) return [];
    const { version } = decision.state;
    return [
      {
        messageId: input.kind === 'message' ? input.id : `${input.key}/${input.type}/${version}`,
        key: input.key,
        type: input.type,
        traceparent: input.traceparent,
        version,
        state: label(decision.state),
        sent: (decision.messages ?? []).map(({ type }) => type),
        ignored: decision.ignored,
        note: decision.note ?? noteOf(input),
      },
    ];
  };

/** A message that an operator sent through again says so for good. */
function noteOf<Request, Answer>(input: Input<Request, Answer>): string | undefined {
  if (input.kind !== 'message' || input.replay === undefined) return undefined;
  return `replayed by ${input.replay.by}: ${input.replay.why}`;
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
