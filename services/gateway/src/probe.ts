import type { Instance, StandingOptions, Wire } from '@doorbuster/discovery';
import { Agent } from 'undici';

export interface Probe {
  ask: StandingOptions['probe'];
  close(): Promise<void>;
}

/** Longer than it takes to call an instance silent, so that a question is pending when that is decided. */
const limitMs = 2_000;

/**
 * Asks instances whether they are ready, over a connection of its own to each: behind the requests that a hung
 * instance holds on to, the question would not even leave.
 */
export function createProbe(service: string, wire: Wire): Probe {
  const agent = new Agent({ connections: 1, pipelining: 1, connect: wire.connectTo(service, limitMs) });
  return {
    async ask({ origin }: Instance) {
      try {
        const signal = AbortSignal.timeout(limitMs);
        const { statusCode, body } = await agent.request({
          origin,
          path: '/health/ready',
          method: 'GET',
          signal,
        });
        await body.dump();
        return statusCode === 200 ? 'ready' : 'not ready';
      } catch {
        return 'nothing';
      }
    },
    close: () => agent.destroy(),
  };
}
