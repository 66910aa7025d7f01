import { setTimeout as delay } from 'node:timers/promises';
import { Load } from '@doorbuster/contracts';
import { type Logger, Problem, type TurnAway } from '@doorbuster/service';
import type { RequestHandler } from 'express';
import { shedOrders } from './metrics.ts';

export interface AdmissionLimits {
  /** Orders that may be accepted and not yet terminal. */
  openOrdersMax: number;
  /** Age of the oldest message that waits to be published, in milliseconds. */
  oldestUnpublishedMsMax: number;
  /** New orders that may be under way between the door and the order service. */
  inFlightMax: number;
}

export interface Admission {
  /** Lets an order in, or answers 429 or 503 with Retry-After before anything behind the door is bothered. */
  admit: RequestHandler;
  /** Gives that answer while `admit` would, to whoever asks before the request is looked at any closer. */
  turnAway: TurnAway;
  close(): Promise<void>;
}

const askEveryMs = 250;
const askLimitMs = 2_000;

/**
 * The door admits by what is going on behind it: by the orders that are open and by how far the messages lag, not
 * only by the requests in flight, because in an asynchronous shop an overload shows up after the answer. Between
 * two looks the door counts for itself what it let in. The limits are asked for at each order: they may change while
 * the door is open.
 */
export function createAdmission(
  ask: (signal: AbortSignal) => Promise<unknown>,
  limits: () => AdmissionLimits,
  log: Logger,
): Admission {
  const stopping = new AbortController();
  let load: Load = { openOrders: 0, oldestUnpublishedMs: 0 };
  let admitted = 0;
  let inFlight = 0;

  async function look(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const before = admitted;
        const patience = AbortSignal.any([stopping.signal, AbortSignal.timeout(askLimitMs)]);
        load = Load.parse(await ask(patience));
        // What was let in while the question was under way may not be counted in the answer.
        admitted -= before;
      } catch (error) {
        log.debug({ error: String(error) }, 'Nobody tells the load; the last known one stays in force');
      }
      await delay(askEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  /** Why an order cannot come in now, or nothing when it can. */
  function refusal(): Problem | undefined {
    const { openOrdersMax, oldestUnpublishedMsMax, inFlightMax } = limits();
    if (load.openOrders + admitted >= openOrdersMax) return shed(429, 'Too many orders are open');
    if (load.oldestUnpublishedMs > oldestUnpublishedMsMax) return shed(503, 'The shop lags behind');
    if (inFlight >= inFlightMax) return shed(503, 'Too many orders are coming in');
    return undefined;
  }

  const looking = look();
  return {
    turnAway: ({ method, url }) => (method === 'POST' && url === '/orders' ? refusal() : undefined),
    admit(_req, res, next) {
      const problem = refusal();
      if (problem !== undefined) throw problem;
      admitted++;
      inFlight++;
      res.on('close', () => inFlight--);
      next();
    },
    async close() {
      stopping.abort();
      await looking;
    },
  };
}

function shed(status: 429 | 503, why: string): Problem {
  shedOrders.add(1, { reason: why });
  return new Problem(status, `${why}; nothing was taken`, { headers: { 'Retry-After': '2' } });
}
