import { connectConsul } from './consul.ts';
import { follow } from './follow.ts';
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

/**
 * Follows what is set for a service in Consul's key-value store, by blocking queries; `take` gets all of it, as text by
 * name, whenever something changed. While Consul is away nobody is told anything, so what was known stays in force.
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
  const { close } = follow<Entry[] | undefined>({
    consul,
    method: consul.kv.get,
    options: { key: prefix, recurse: 'true' },
    // Without any key there is nothing, not an empty list.
    onAnswer(entries = []) {
      take(new Map(entries.map(({ Key, Value }) => [Key.slice(prefix.length), Value ?? ''])));
      resolve();
    },
    onSilence(error) {
      log.warn({ service, error: String(error) }, 'Consul does not answer; settings stay as they are');
      resolve();
    },
  });
  return { asked, close };
}
