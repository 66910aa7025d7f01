import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Outcome, Try } from '@doorbuster/discovery';
import type { Dispatcher } from 'undici';
import { handOn, type Steps } from './body.ts';
import { isFailure, outcomeOf, Slow, TooLate } from './outcome.ts';

/** A request on its way to an instance. */
export interface Outgoing {
  path: string;
  method: Dispatcher.HttpMethod;
  headers?: IncomingHttpHeaders;
  /** Streamed and not kept, so it can be sent once. */
  body?: Readable;
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
  /** How long an instance may take over what is sent only once, from when all of it has left. */
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
  answer?: Dispatcher.ResponseData;
  error?: unknown;
}

/** Asks one instance, within the limits, and judges it by how that ends. */
export async function attempt(
  one: Try,
  agent: Dispatcher,
  outgoing: Outgoing,
  patience: Patience,
): Promise<Attempt> {
  const limit = limitOf(one, patience, outgoing.body !== undefined);
  let hasLeft = outgoing.body === undefined;
  const steps = {
    onBegin() {
      hasLeft = true;
      // How long a client takes over its body is not the instance's fault; the server has a limit for it.
      limit.clear();
    },
    onEnd: () => limit.set(patience.answerMs),
  };
  try {
    const answer = await request(one, agent, outgoing, steps);
    const outcome = isFailure(answer.statusCode, answer.headers) ? 'failed' : 'answered';
    one.ended(outcome);
    return { outcome, hasLeft, answer };
  } catch (error) {
    const outcome = outgoing.isGone() ? 'dropped' : outcomeOf(error);
    one.ended(outcome);
    return { outcome, hasLeft: hasLeft && outcome !== 'refused', error };
  } finally {
    limit.close();
  }
}

/** Starts the clock of a try: it is given up when its time is over. */
function limitOf(one: Try, { onSlow, tryMs, answerMs, totalMs, endsAt }: Patience, hasBody: boolean) {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const clear = () => clearTimeout(timer);
  const set = (ms: number, action = () => one.abort.abort(new TooLate())) => {
    clear();
    if (!isClosed) timer = setTimeout(action, Math.max(0, ms));
  };
  const close = () => {
    isClosed = true;
    clear();
  };
  if (onSlow === undefined) set(hasBody ? totalMs : answerMs);
  else set(tryMs, () => (onSlow() ? one.abort.abort(new Slow()) : set(endsAt - performance.now())));
  return { set, clear, close };
}

/** Resolves with the head of the answer. A try that is given up ends at once, even while it waits for a connection. */
function request(
  { instance, abort }: Try,
  agent: Dispatcher,
  { path, method, headers = {}, body, signal: outside }: Outgoing,
  steps: Steps,
): Promise<Dispatcher.ResponseData> {
  const signal = outside === undefined ? abort.signal : AbortSignal.any([abort.signal, outside]);
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const handedOn = body === undefined ? null : handOn(body, steps);
  const giveUp = () => {
    // Else the agent would still begin to read it when a connection comes free, and the next try would miss that.
    handedOn?.destroy();
    reject(signal.reason);
  };
  signal.addEventListener('abort', giveUp, { once: true });
  const { origin } = instance;
  return Promise.race([agent.request({ origin, path, method, headers, body: handedOn, signal }), givenUp]);
}
