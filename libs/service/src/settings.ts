import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';

/** Settings that may change while the process runs. */
export interface Settings<Values, Live extends keyof Values> {
  /** The value that is in force. It is asked for at each use and never kept, for the next one may be another. */
  get<Name extends Live>(name: Name): Values[Name];
}

export interface FollowedSettings<Values, Live extends keyof Values> extends Settings<Values, Live> {
  /** Takes over all that is set in the store, as text by name. */
  take(texts: ReadonlyMap<string, string>): void;
}

/** A zod object, whose settings can be checked one by one. */
export type ConfigSchema<Values> = z.ZodType<Values> & {
  readonly shape: { readonly [Name in keyof Values]-?: z.ZodType<Values[Name]> };
};

interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface SettingsOptions<Values, Live extends keyof Values> {
  live: readonly Live[];
  /** What is in force where nothing is set. */
  environment: Values;
  schema: ConfigSchema<Values>;
  /** How a setting is called where it is set. */
  keyOf(name: string): string;
  log: Log;
}

/**
 * Keeps the values of live settings. What is set has to pass the schema that the environment's value has passed; what
 * does not is refused, and the last good value stays. A setting that is no longer set returns to the environment's.
 */
export function createSettings<Values extends object, Live extends keyof Values & string>({
  live,
  environment,
  schema,
  keyOf,
  log,
}: SettingsOptions<Values, Live>): FollowedSettings<Values, Live> {
  const names: ReadonlySet<string> = new Set(live);
  const current = { ...environment };
  /** What is refused, by name, so that it is said once and not at every change of something else. */
  const refused = new Map<string, string>();

  function change<Name extends Live>(name: Name, value: Values[Name]): void {
    refused.delete(name);
    const old = current[name];
    if (isDeepStrictEqual(old, value)) return;
    current[name] = value;
    log.info({ setting: name, old, new: value }, 'Setting changed');
  }

  function refuse(name: string, text: string, reason: string): void {
    if (refused.get(name) === text) return;
    refused.set(name, text);
    log.warn({ key: keyOf(name), reason }, 'Setting refused; what was in force stays in force');
  }

  function follow<Name extends Live>(name: Name, text: string | undefined): void {
    if (text === undefined) change(name, environment[name]);
    // To a schema of numbers a blank is 0.
    else if (text.trim() === '') refuse(name, text, 'It is blank');
    else {
      const { success, data, error } = schema.shape[name].safeParse(text);
      if (success) change(name, data);
      else refuse(name, text, error.issues.map(({ message }) => message).join('; '));
    }
  }

  return {
    get: (name) => current[name],
    take(texts) {
      for (const name of live) follow(name, texts.get(name));
      for (const [name, text] of texts) {
        if (!names.has(name)) refuse(name, text, 'No live setting here has this name');
      }
      for (const name of refused.keys()) if (!texts.has(name)) refused.delete(name);
    },
  };
}
