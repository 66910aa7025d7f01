import { Silent, type Try } from '@doorbuster/discovery';
import type { Dispatcher } from 'undici';
import { type Answer, discard } from './answer.ts';
import { attempt, type Limits, type Outgoing } from './attempt.ts';
import type { Upstream } from './upstream.ts';

/** An answer, up to its head. */
export interface Answered {
  answer: Answer;
  /** The try that it came of; it is to be told when all of the answer is through. */
  one: Try;
  /** The moment by which all of it has to be through. */
  endsAt: number;
}

/**
 * Sends a request, and where that is safe sends it to another instance when the first one does not answer. Safe are
 * GET and HEAD, and any request that has not left: whose connection was refused, or that waits for one. A POST that has
 * left is never sent again by the door. An order's would be safe by its Idempotency-Key, but the client has that key and
 * knows best whether it still wants the order.
 * @throws what ended the last try, when no answer came
 */
export async function send(
  upstream: Upstream,
  agent: Dispatcher,
  outgoing: Outgoing,
  limits: Limits,
): Promise<Answered> {
  const isRepeatable = ['GET', 'HEAD'].includes(outgoing.method) && outgoing.body === undefined;
  const endsAt = performance.now() + limits.totalMs;
  const toAnswered = (answer: Answer, one: Try): Answered => ({
    answer,
    one,
    endsAt: isRepeatable ? endsAt : performance.now() + limits.answerMs,
  });
  const asked = new Set<string>();
  const outrun: Try[] = [];
  let next: Try | undefined;
  let isSlow = false;

  /** Finds the next try, if there may be one. */
  function moveOn(reason: string, hasLeft: boolean): boolean {
    if ((hasLeft && !isRepeatable) || asked.size >= outgoing.triesMax || outgoing.isGone()) return false;
    next ??= upstream.retry({ isRepeatable, except: asked }, reason);
    return next !== undefined;
  }

  const onSlow = () => {
    isSlow = true;
    return moveOn('slow', true);
  };
  const patience = { ...limits, endsAt, ...(isRepeatable && { onSlow }) };
  let one = upstream.begin({ isRepeatable });
  for (;;) {
    asked.add(one.instance.origin);
    isSlow = false;
    const beganAt = performance.now();
    const tried = await attempt(one, agent, outgoing, patience);
    upstream.tried(outgoing.method, tried, performance.now() - beganAt);
    const { outcome, hasLeft, answer, error } = tried;
    if (outcome === 'answered' && answer !== undefined) {
      next?.ended('dropped');
      // When all are slow, then none is to blame.
      if (!isSlow) for (const slow of outrun) slow.outdone();
      return toAnswered(answer, one);
    }
    if (outcome === 'slow') outrun.push(one);
    moveOn(error instanceof Silent ? 'silent' : outcome, hasLeft);
    if (next === undefined) {
      if (answer === undefined) throw error;
      return toAnswered(answer, one);
    }
    if (answer !== undefined) discard(answer);
    one = next;
    next = undefined;
  }
}
