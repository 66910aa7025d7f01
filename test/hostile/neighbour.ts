import { setTimeout as pause } from 'node:timers/promises';
import { type Latencies, latenciesOf } from '../load/percentiles.ts';

/** A client that behaves, beside all those who do not. */
export interface Neighbour {
  /** Ends it, and tells how it was served. */
  leave(): Promise<{ requests: number; failed: number; latencyMs: Latencies }>;
}

const everyMs = 20;
const limitMs = 10_000;

/** Asks how much of a product is there, again and again: through the door, by a service, out of its database. */
export function settleBeside(gateway: string): Neighbour {
  const ms: number[] = [];
  let failed = 0;
  let isLeaving = false;

  async function ask(): Promise<void> {
    const startedAt = performance.now();
    const signal = AbortSignal.timeout(limitMs);
    const response = await fetch(`${gateway}/stock/DB-1000`, { signal }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.status !== 200) failed++;
    ms.push(performance.now() - startedAt);
  }

  const asking = (async () => {
    while (!isLeaving) {
      await ask();
      await pause(everyMs);
    }
  })();

  return {
    async leave() {
      isLeaving = true;
      await asking;
      return { requests: ms.length, failed, latencyMs: latenciesOf(ms) };
    },
  };
}
