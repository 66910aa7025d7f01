import { leaseMs } from './effects.ts';
import * as inbox from './inbox.ts';
import type { Input, Versioned } from './input.ts';
import type { Tx } from './store.ts';
import * as tables from './tables.ts';
import type { Batch, Decided, HandOver, Work } from './transaction.ts';

/**
 * Sends everything that a batch has to leave behind, in one piece: the new states, what was handled, and all that
 * comes of it. Nothing here may wait before it sends, or the commit would overtake it.
 */
export async function writeBatch<State extends Versioned, Request, Answer>(
  { service, timeline, relay, effects: runner }: Work<State, Request, Answer>,
  tx: Tx,
  { outcomes, unit, decided, letters, thrown }: Batch<State, Request, Answer>,
  handOver: HandOver,
): Promise<void> {
  const { messages, effects, deadlines } = outgoingOf(service, decided);
  const isReplay = ({ input }: Decided<State, Request, Answer>) =>
    input.kind === 'message' && input.replay !== undefined;
  const replayed = decided.filter(isReplay);
  const handled = rowsOf(
    timeline,
    decided.filter((one) => !isReplay(one)),
  );
  for (const { id, key, type, traceparent } of thrown)
    handled.push({ messageId: id, key, type, traceparent });
  const resolved = decided.flatMap(({ input }) => (input.kind === 'answer' && input.byHand ? [input] : []));
  const stopped = [...outcomes.values()].filter(({ kind }) => kind === 'duplicate').length;
  const twice = decided.filter(({ decision }) => decision.duplicate).length;
  handOver.reserved = effects.length === 0 ? 0 : runner.reserve(effects.length);
  [handOver.calls, handOver.messages] = await Promise.all([
    effects.length === 0 ? [] : tables.insertEffects(tx, effects, { claimed: handOver.reserved, leaseMs }),
    messages.length === 0 ? [] : tables.insertOutbox(tx, messages),
    messages.length > 0 && !relay.isLeader() && tx.query('notify outbox'),
    unit?.save(tx),
    handled.length > 0 && inbox.insertInbox(tx, handled),
    replayed.length > 0 && inbox.replaceInbox(tx, rowsOf(timeline, replayed)),
    deadlines.length > 0 && tables.writeDeadlines(tx, deadlines),
    resolved.length > 0 && tables.insertInterventions(tx, resolved),
    letters.length > 0 && tables.insertDeadLetters(tx, letters),
    stopped > 0 && tables.countStopped(tx, 'inbox', stopped),
    twice > 0 && tables.countStopped(tx, 'business key', twice),
  ]);
}

/** What leaves because of the decisions. */
function outgoingOf<State extends Versioned, Request, Answer>(
  service: string,
  decided: Decided<State, Request, Answer>[],
) {
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
  return { messages, effects, deadlines };
}

/**
 * The inbox rows of what was decided. Where timelines are kept they tell what came of it, and what was no message has
 * a row as well, unless nothing came of it.
 */
function rowsOf<State extends Versioned, Request, Answer>(
  timeline: Work<State, Request, Answer>['timeline'],
  decided: Decided<State, Request, Answer>[],
): inbox.InboxRow[] {
  return decided.flatMap(({ input, decision }) => {
    const { key, type, traceparent } = input;
    const isMessage = input.kind === 'message';
    if (timeline === undefined) return isMessage ? [{ messageId: input.id, key, type, traceparent }] : [];
    const { state, ignored } = decision;
    if (!isMessage && ignored !== undefined) return [];
    return [
      {
        messageId: isMessage ? input.id : `${key}/${type}/${state.version}`,
        key,
        type,
        traceparent,
        version: state.version,
        state: timeline(state),
        sent: (decision.messages ?? []).map((message) => message.type),
        ignored,
        note: decision.note ?? noteOf(input),
      },
    ];
  });
}

/** A message that an operator sent through again says so for good. */
function noteOf<Request, Answer>(input: Input<Request, Answer>): string | undefined {
  if (input.kind !== 'message' || input.replay === undefined) return undefined;
  return `replayed by ${input.replay.by}: ${input.replay.why}`;
}
