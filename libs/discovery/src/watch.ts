import { connect } from 'node:net';
import { connectConsul } from './consul.ts';
import { follow } from './follow.ts';
import type { Log } from './log.ts';
import { plainWire, type Wire } from './mesh/wire.ts';

/** One instance of a service, as the registry knows it. */
export interface Instance {
  id: string;
  /** `http://host:port`, or `https://` where services call each other so. */
  origin: string;
}

export interface Watched {
  /** The healthy instances as last known. */
  instances(): readonly Instance[];
  close(): void;
}

interface HealthEntry {
  Service: { ID: string; Address: string; Port: number };
}

const probeMs = 500;

/**
 * Follows the healthy instances of a service by Consul's blocking queries. What was known last stays in force while
 * Consul is away, and an empty answer replaces nothing that still accepts connections: a registry that came back
 * empty knows less than we do.
 */
export function watchService(
  consulUrl: string,
  service: string,
  log: Log,
  { protocol }: Pick<Wire, 'protocol'> = plainWire,
): Watched {
  const consul = connectConsul(consulUrl);
  let known: Instance[] = [];
  const { close } = follow<HealthEntry[]>({
    consul,
    method: consul.health.service,
    options: { service, passing: 'true' },
    async onAnswer(entries) {
      const found = entries.map(({ Service: { ID, Address, Port } }) => ({
        id: ID,
        origin: `${protocol}://${Address}:${Port}`,
      }));
      const next = found.length > 0 ? found : await stillThere(known);
      if (next.map(({ id }) => id).join() !== known.map(({ id }) => id).join()) {
        log.info({ service, instances: next.map(({ id }) => id) }, 'Instances changed');
      }
      known = next;
    },
    onSilence: (error) => log.warn({ service, error: String(error) }, 'Consul does not answer'),
  });
  return { instances: () => known, close };
}

async function stillThere(instances: Instance[]): Promise<Instance[]> {
  const alive = await Promise.all(instances.map(({ origin }) => accepts(new URL(origin))));
  return instances.filter((_, i) => alive[i]);
}

function accepts({ hostname, port }: URL): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: hostname, port: Number(port), timeout: probeMs });
  socket.on('connect', () => resolve(true));
  socket.on('error', () => resolve(false));
  socket.on('timeout', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
