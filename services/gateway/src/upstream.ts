import type { UpstreamView } from '@doorbuster/contracts';
import { createBalancer, type Try, type Watched, type Wish } from '@doorbuster/discovery';
import { type Logger, Problem } from '@doorbuster/service';
import { trace } from '@opentelemetry/api';
import type { Attempt } from './attempt.ts';
import { createRetryBudget } from './budget.ts';
import { observeDoor } from './metrics.ts';
import type { Probe } from './probe.ts';

/** A service behind the door: its instances, and what may be spent on trying a second one. */
export interface Upstream {
  /** Counts a request of a client. */
  came(): void;
  /** Begins the first try. @throws Problem 503, at once, when the registry names no instance */
  begin(wish: Wish): Try;
  /** Begins one more try, if there is another instance and the budget allows it. */
  retry(wish: Wish, reason: string): Try | undefined;
  /** Measures a try that is over. */
  tried(method: string, attempt: Attempt, ms: number): void;
  isKnown(): boolean;
  view(): UpstreamView;
  close(): void;
}

const tickMs = 250;

/** Keeps a service's instances apart from those that hang or fail; each that is passed over or back is one log line. */
export function createUpstream(service: string, watched: Watched, probe: Probe, log: Logger): Upstream {
  const budget = createRetryBudget();
  let requests = 0;
  let retries = 0;
  const balancer = createBalancer(watched, {
    probe: probe.ask,
    now: () => performance.now(),
    onEjected({ id }, cause, forMs) {
      metrics.ejection(cause);
      log.warn({ service, passedOver: id, cause, forMs }, 'Instance passed over');
    },
    onReturned({ id }, cause, awayMs) {
      log.info({ service, returned: id, cause, awayMs: Math.round(awayMs) }, 'Instance is back');
    },
  });
  const view = () => {
    return { service, requests, retries, retriesLeft: budget.left(), instances: balancer.view() };
  };
  const metrics = observeDoor(service, view);
  const ticking = setInterval(() => void balancer.tick(), tickMs).unref();
  return {
    came() {
      requests++;
      budget.earn();
    },
    begin(wish) {
      const one = balancer.begin(wish);
      if (one !== undefined) return one;
      throw new Problem(503, `No instance of ${service} is healthy`, { headers: { 'Retry-After': '1' } });
    },
    retry(wish, reason) {
      const one = balancer.begin(wish);
      if (one === undefined) return undefined;
      if (!budget.take()) {
        one.ended('dropped');
        return undefined;
      }
      retries++;
      trace.getActiveSpan()?.addEvent('retry', { reason });
      return one;
    },
    tried: metrics.tried,
    isKnown: () => watched.instances().length > 0,
    view,
    close() {
      clearInterval(ticking);
      metrics.close();
      watched.close();
    },
  };
}
