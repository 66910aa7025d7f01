import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { connectConsul } from './consul.ts';
import type { Log } from './log.ts';

export interface Registration {
  name: string;
  /** Unique over all instances of all services. */
  id: string;
  host: string;
  port: number;
  /** Consul asks at this port whether the instance is healthy; at `port` if not said. */
  healthPort?: number;
  healthPath: string;
  /** What else there is to tell of it, for those who look it up. */
  meta?: Record<string, string>;
}

/** What Consul knows of an instance. */
interface Known {
  Address: string;
  Port: number;
  Meta?: Record<string, string>;
}

export interface Registered {
  /** Takes the instance out of Consul; a registry that does not answer is left to its own health checks. */
  close(): Promise<void>;
}

const assertEveryMs = 3_000;
/** Consul does not tell how it checks; what an instance tells of itself it does. */
const healthMeta = 'doorbuster-health-port';

/**
 * Keeps an instance registered. A registry that starts later, or comes back empty, learns of it within seconds:
 * the registration is asserted again and again, so that Consul's absence makes a service unfindable, not dead.
 */
export function register(consulUrl: string, registration: Registration, log: Log): Registered {
  const consul = connectConsul(consulUrl);
  const { name, id, host, port, healthPort = port, healthPath } = registration;
  const meta = { ...registration.meta, [healthMeta]: String(healthPort) };
  const stopping = new AbortController();
  let wasKnown = false;

  async function assert(): Promise<void> {
    const services: Record<string, Known> = await consul.agent.service.list();
    const { Address, Port, Meta = {} } = services[id] ?? {};
    // A container that was started again may have another address than before, and a new version tells other things.
    if (Address === host && Port === port && isDeepStrictEqual({ ...Meta }, meta)) return;
    await consul.agent.service.register({
      name,
      id,
      address: host,
      port,
      meta,
      check: {
        name: `${id} is ready`,
        http: `http://${host}:${healthPort}${healthPath}`,
        interval: '1s',
        timeout: '2s',
        deregistercriticalserviceafter: '1m',
      },
    });
    log.info({ consul: consulUrl, id }, wasKnown ? 'Registered again' : 'Registered');
    wasKnown = true;
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await assert().catch((error) => log.warn({ error: String(error) }, 'Consul does not answer'));
      await delay(assertEveryMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }

  const running = loop();
  return {
    async close() {
      stopping.abort();
      await running;
      await consul.agent.service.deregister(id).catch(() => undefined);
    },
  };
}
