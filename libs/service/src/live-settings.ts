import { setTimeout as delay } from 'node:timers/promises';
import {
  type LiveSetting,
  settingKey,
  toMeta,
  type WatchedSettings,
  watchSettings,
} from '@doorbuster/discovery';
import { z } from 'zod';
import { type ConfigSchema, createSettings, type Settings, type SettingsOptions } from './settings.ts';

export interface LiveSettings<Values, Live extends keyof Values> extends Settings<Values, Live> {
  /** What the instance's registration tells of them. */
  meta: Record<string, string>;
  /** Resolves when what is set is in force, or when Consul does not say so in time. */
  asked: Promise<void>;
  close(): void;
}

export interface LiveSettingsOptions<Values, Live extends keyof Values>
  extends Omit<SettingsOptions<Values, Live>, 'keyOf'> {
  service: string;
  /** Without one nothing can be set, and the environment's values stay. */
  consulUrl: string | undefined;
}

/** A Consul that is not there must not keep a service from starting. */
const firstAnswerMs = 1_000;

/** Keeps live settings up to date with what is set in Consul. */
export function followSettings<Values extends object, Live extends keyof Values & string>(
  options: LiveSettingsOptions<Values, Live>,
): LiveSettings<Values, Live> {
  const { service, consulUrl, log } = options;
  const settings = createSettings({ ...options, keyOf: (name) => settingKey(service, name) });
  const watched: WatchedSettings =
    consulUrl === undefined
      ? { asked: Promise.resolve(), close: () => undefined }
      : watchSettings(consulUrl, service, settings.take, log);
  return {
    get: settings.get,
    meta: toMeta(options.live.map((name) => describe(name, options))),
    asked: Promise.race([watched.asked, delay(firstAnswerMs, undefined, { ref: false })]),
    close: watched.close,
  };
}

function describe<Values, Live extends keyof Values & string>(
  name: Live,
  { environment, schema }: { environment: Values; schema: ConfigSchema<Values> },
): LiveSetting {
  const { $schema, default: _, ...rules } = z.toJSONSchema(schema.shape[name], { unrepresentable: 'any' });
  return { name, environment: environment[name], schema: rules };
}
