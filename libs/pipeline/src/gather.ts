import { context, ROOT_CONTEXT } from '@opentelemetry/api';

export interface GatherLimits {
  /** The most inputs of one transaction. */
  inputs: number;
  /** The most order lines of one transaction. */
  weight: number;
  /** The most requests that may wait; one more is refused. Messages are bounded by what Kafka hands out. */
  waitingRequests: number;
}

export const defaultLimits: GatherLimits = { inputs: 500, weight: 20_000, waitingRequests: 2_000 };

/** Thrown to a request that finds the queue full. */
export class Overloaded extends Error {
  constructor() {
    super('Too many requests are waiting');
    this.name = 'Overloaded';
  }
}

interface Entry<I, O> {
  input: I;
  cameAt: number;
  resolve(outcome: O): void;
  reject(error: unknown): void;
}

export interface Gather<I, O> {
  /**
   * Queues one input; resolves with what became of it, once that is committed.
   * @throws Overloaded when too many requests wait already
   */
  push(input: I): Promise<O>;
  /** Resolves when nothing waits and no transaction is under way. */
  idle(): Promise<void>;
}

/**
 * The one gather of a process. A batch is whatever came while the last transaction was under way, so batches form
 * by themselves: an idle shop commits single orders in milliseconds, a stormed one hundreds at a time. There is no
 * timer and nothing to tune. Whoever commits is told how long the oldest of the batch has waited.
 * Source: group commit, as in DeWitt et al., 1984.
 */
export function createGather<I extends { kind: string; weight: number }, O>(
  commit: (inputs: I[], waitedMs: number) => Promise<O[]>,
  limits: GatherLimits = defaultLimits,
): Gather<I, O> {
  // What finishes orders goes before what brings new ones: under a storm, started orders must end.
  const urgent: Entry<I, O>[] = [];
  const requests: Entry<I, O>[] = [];
  let draining: Promise<void> | undefined;

  async function drain(): Promise<void> {
    // One turn of the event loop lets everything that arrived in this turn come along.
    await new Promise((resolve) => setImmediate(resolve));
    while (urgent.length + requests.length > 0) {
      const batch = take([urgent, requests], limits);
      try {
        const waitedMs = performance.now() - Math.min(...batch.map(({ cameAt }) => cameAt));
        const outcomes = await commit(
          batch.map(({ input }) => input),
          waitedMs,
        );
        for (const [i, entry] of batch.entries()) settle(entry, outcomes[i]);
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    }
    draining = undefined;
  }

  return {
    push(input) {
      const isRequest = input.kind === 'request';
      if (isRequest && requests.length >= limits.waitingRequests) return Promise.reject(new Overloaded());
      const { promise, resolve, reject } = Promise.withResolvers<O>();
      (isRequest ? requests : urgent).push({ input, cameAt: performance.now(), resolve, reject });
      // The batch belongs to nobody's trace, so it must not inherit that of whoever came first.
      draining ??= context.with(ROOT_CONTEXT, drain);
      return promise;
    },
    async idle() {
      while (draining !== undefined) await draining;
    },
  };
}

function settle<I, O>(entry: Entry<I, O>, outcome: O | undefined): void {
  if (outcome === undefined) entry.reject(new Error('The batch told nothing of this input'));
  else entry.resolve(outcome);
}

/** Takes from the queues, in their order, until a limit is reached; at least one input, however heavy it is. */
function take<I extends { weight: number }, O>(queues: Entry<I, O>[][], limits: GatherLimits): Entry<I, O>[] {
  const batch: Entry<I, O>[] = [];
  let weight = 0;
  for (const queue of queues) {
    const fits = queue.findIndex(({ input }, i) => {
      weight += input.weight;
      return batch.length + i > 0 && (batch.length + i >= limits.inputs || weight > limits.weight);
    });
    batch.push(...queue.splice(0, fits === -1 ? queue.length : fits));
    if (fits !== -1) break;
  }
  return batch;
}
