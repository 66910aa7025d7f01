import type { IncomingHttpHeaders } from 'node:http';
import type { Outcome, Try } from '@doorbuster/discovery';
import type { Dispatcher } from 'undici';
import { type Answer, type Arriving, createAnswer } from './answer.ts';
import { isFailure, outcomeOf, Slow, TooLate } from './outcome.ts';

/** A request on its way to an instance. */
export interface Outgoing {
  path: string;
  method: Dispatcher.HttpMethod;
  headers?: IncomingHttpHeaders;
  body?: Buffer | undefined;
  /** How many instances may be asked. */
  triesMax: number;
  /** True when nobody waits for the answer any more. */
  isGone(): boolean;
  /** Ends the request from outside. */
  signal?: AbortSignal;
}

export interface Limits {
  /** How long an instance may take, while there is another one to ask. */
  tryMs: number;
  /** How long an instance may take over what is sent only once, from when it leaves. */
  answerMs: number;
  /** How long everything may take together. */
  totalMs: number;
}

export interface Patience extends Limits {
  /** The moment by which everything has to be over. */
  endsAt: number;
  /** For what may be sent again: called when `tryMs` is over; true gives the try up. */
  onSlow?(): boolean;
}

/** What came of one try. */
export interface Attempt {
  outcome: Outcome;
  /** False when nothing of the request can have arrived. */
  hasLeft: boolean;
  /** Up to its head; where there is none, the error tells why. */
  answer?: Answer;
  error?: unknown;
}

/**
 * Asks one instance, within the limits, and judges it by how that ends. By the bare handlers of the agent: its streams
 * and promises cost more than all the rest of the door (docs/performance.md).
 */
export function attempt(
  one: Try,
  agent: Dispatcher,
  outgoing: Outgoing,
  patience: Patience,
): Promise<Attempt> {
  const { promise, resolve } = Promise.withResolvers<Attempt>();
  const { signal } = one.abort;
  const limit = limitOf(one, patience);
  let hasLeft = false;
  let isOver = false;
  let answer: Arriving | undefined;

  function over(outcome: Outcome, end: Pick<Attempt, 'answer' | 'error'>): void {
    if (isOver) return;
    isOver = true;
    limit.close();
    signal.removeEventListener('abort', giveUp);
    outgoing.signal?.removeEventListener('abort', giveUp);
    one.ended(outcome);
    resolve({ outcome, hasLeft: hasLeft && outcome !== 'refused', ...end });
  }

  const fail = (error: unknown) => over(outgoing.isGone() ? 'dropped' : outcomeOf(error), { error });
  let controller: Dispatcher.DispatchController | undefined;
  /** A try that is given up ends at once, even while it waits for a connection. */
  function giveUp(): void {
    const { reason } = signal.aborted ? signal : (outgoing.signal ?? signal);
    controller?.abort(reason);
    fail(reason);
  }
  signal.addEventListener('abort', giveUp);
  outgoing.signal?.addEventListener('abort', giveUp);

  const { path, method, headers = {}, body = null } = outgoing;
  agent.dispatch(
    { origin: one.instance.origin, path, method, headers, body },
    {
      onRequestStart(begun) {
        if (isOver) return begun.abort(new Error('Given up before it left'));
        controller = begun;
        hasLeft = true;
        limit.left();
      },
      onResponseStart(begun, statusCode, headers) {
        if (statusCode < 200) return;
        answer = createAnswer(statusCode, headers, begun);
        over(isFailure(statusCode, headers) ? 'failed' : 'answered', { answer });
      },
      onResponseData: (_, chunk) => answer?.data(chunk),
      onResponseEnd: () => answer?.ended(),
      onResponseError(_, error) {
        fail(error);
        answer?.failed(error);
      },
    },
  );
  return promise;
}

/**
 * Starts the clock of a try: it is given up when its time is over. What is sent only once gets its time from when it
 * leaves; what may be sent again is asked of another one when this one is slow.
 */
function limitOf(one: Try, { onSlow, tryMs, answerMs, totalMs, endsAt }: Patience) {
  let timer: NodeJS.Timeout | undefined;
  const set = (ms: number, action = () => one.abort.abort(new TooLate())) => {
    clearTimeout(timer);
    timer = setTimeout(action, Math.max(0, ms));
  };
  if (onSlow === undefined) set(totalMs);
  else set(tryMs, () => (onSlow() ? one.abort.abort(new Slow()) : set(endsAt - performance.now())));
  return {
    left: () => (onSlow === undefined ? set(answerMs) : undefined),
    close: () => clearTimeout(timer),
  };
}
