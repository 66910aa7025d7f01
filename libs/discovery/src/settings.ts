import { connectConsul } from './consul.ts';
import type { Log } from './log.ts';

/** Where all live settings lie. */
export const settingsRoot = 'doorbuster/settings/';

/** The key of a live setting; with an empty name, what the keys of all settings of the service begin with. */
export const settingKey = (service: string, name: string): string => `${settingsRoot}${service}/${name}`;

/** An entry of Consul's key-value store. An empty value comes as null. */
export interface Entry {
  Key: string;
  Value: string | null;
}

export interface WatchedSettings {
  /** Resolves when Consul has answered for the first time, or could not. */
  asked: Promise<void>;
  close(): void;
}

const backoffMs = 50;
const backoffMsMax = 1_000;

/**
 * Follows what is set for a service in Consul's key-value store, by blocking queries; `take` gets all of it, as text by
 * name, whenever something changed. While Consul is away nobody is told anything, so what was known stays in force.
 * After every failure the question begins afresh, from index 0: a Consul that lost its store counts from the start
 * again, and a query for an index that it has not reached yet would wait for its whole time and miss what is set.
 */
export function watchSettings(
  consulUrl: string,
  service: string,
  take: (texts: ReadonlyMap<string, string>) => void,
  log: Log,
): WatchedSettings {
  const consul = connectConsul(consulUrl);
  const prefix = settingKey(service, '');
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let failures = 0;
  let stop: () => void;

  function ask(): void {
    const watch = consul.watch({
      method: consul.kv.get,
      options: { key: prefix, recurse: 'true', wait: '20s' },
      maxAttempts: 0,
    });
    stop = () => {
      watch.removeAllListeners('end');
      watch.end();
    };
    // Without any key there is nothing, not an empty list.
    watch.on('change', (entries: Entry[] = []) => {
      failures = 0;
      take(new Map(entries.map(({ Key, Value }) => [Key.slice(prefix.length), Value ?? ''])));
      resolve();
    });
    watch.on('error', (error: Error) => {
      if (failures === 0)
        log.warn({ service, error: String(error) }, 'Consul does not answer; settings stay as they are');
      failures++;
      resolve();
    });
    watch.on('end', () => {
      const timer = setTimeout(ask, Math.min(backoffMsMax, backoffMs * 2 ** failures));
      stop = () => clearTimeout(timer);
    });
  }

  ask();
  return {
    asked,
    close() {
      stop();
      consul.destroy();
    },
  };
}
