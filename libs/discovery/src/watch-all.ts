import { connectConsul } from './consul.ts';
import { follow } from './follow.ts';
import type { Log } from './log.ts';
import { plainWire, type Wire } from './mesh/wire.ts';
import type { Instance } from './watch.ts';

/** One instance as the registry knows it, well or not. */
export interface RegisteredInstance extends Instance {
  isPassing: boolean;
}

export interface WatchedAll {
  /** Every instance as last known. */
  instances(): readonly RegisteredInstance[];
  /** Resolves when Consul has answered for the first time. */
  asked: Promise<void>;
  close(): void;
}

interface HealthEntry {
  Service: { ID: string; Address: string; Port: number };
  Checks: { Status: string }[];
}

/**
 * Follows all instances of a service, those that are not well as well, by Consul's blocking queries. Whoever needs somebody
 * to do the work uses `watchService`.
 */
export function watchAll(
  consulUrl: string,
  service: string,
  log: Log,
  { protocol }: Pick<Wire, 'protocol'> = plainWire,
): WatchedAll {
  const consul = connectConsul(consulUrl);
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let known: RegisteredInstance[] = [];
  const { close } = follow<HealthEntry[]>({
    consul,
    method: consul.health.service,
    options: { service },
    onAnswer(entries) {
      known = entries.map(({ Service: { ID, Address, Port }, Checks }) => ({
        id: ID,
        origin: `${protocol}://${Address}:${Port}`,
        isPassing: Checks.every(({ Status }) => Status === 'passing'),
      }));
      resolve();
    },
    onSilence: (error) => log.warn({ service, error: String(error) }, 'Consul does not answer'),
  });
  return { instances: () => known, asked, close };
}
