import type Consul from 'consul';
import { z } from 'zod';
import { connectConsul } from './consul.ts';
import { type Entry, settingKey, settingsRoot } from './settings.ts';

/** What a service tells of a live setting when it registers, so that nobody else has to keep a list. */
export interface LiveSetting {
  name: string;
  /** What it is when nothing is set; undefined where the environment does not say, or the registration. */
  environment: unknown;
  /** What it may be, as a JSON schema. */
  schema: Record<string, unknown>;
}

export interface SetText {
  service: string;
  name: string;
  text: string;
}

/** The live settings, for people and the programs that they use. Rejects when Consul does not answer. */
export interface SettingStore {
  /** The live settings of all services that are registered. */
  live(): Promise<Map<string, LiveSetting[]>>;
  /** What is set, whether a service takes it or not. */
  texts(): Promise<SetText[]>;
  set(setting: SetText): Promise<void>;
  unset(setting: Omit<SetText, 'text'>): Promise<void>;
}

const mark = 'doorbuster-live-';
/** Consul refuses a registration in which a value is longer. */
const metaLengthMax = 512;

const Told = z.object({ environment: z.unknown().optional(), schema: z.record(z.string(), z.unknown()) });

/** Live settings as they stand in a registration. Of one that is too long for it only the name is told. */
export function toMeta(settings: readonly LiveSetting[]): Record<string, string> {
  const entries = settings.map(({ name, environment, schema }) => {
    const text = JSON.stringify({ environment, schema });
    return [`${mark}${name}`, text.length > metaLengthMax ? JSON.stringify({ schema: {} }) : text];
  });
  return Object.fromEntries(entries);
}

/** The live settings of which a registration tells. */
export function fromMeta(meta: Record<string, string>): LiveSetting[] {
  return Object.entries(meta)
    .filter(([key]) => key.startsWith(mark))
    .map(([key, text]) => {
      const { environment, schema } = Told.parse(JSON.parse(text));
      return { name: key.slice(mark.length), environment, schema };
    });
}

/** Opens the settings in the Consul at this URL. */
export function openSettings(consulUrl: string): SettingStore {
  const consul = connectConsul(consulUrl);
  return {
    async live() {
      const services = Object.keys(await consul.catalog.service.list());
      const settings = services.map(
        async (service): Promise<[string, LiveSetting[]]> => [service, await liveOf(consul, service)],
      );
      return new Map((await Promise.all(settings)).filter(([, live]) => live.length > 0));
    },
    async texts() {
      const found = await consul.kv.get({ key: settingsRoot, recurse: true });
      return [found ?? []].flat().flatMap(toText);
    },
    async set({ service, name, text }) {
      await consul.kv.set(settingKey(service, name), text);
    },
    async unset({ service, name }) {
      await consul.kv.del(settingKey(service, name));
    },
  };
}

/** Instances of one service have the same settings, but for the moment in which a new version takes their place. */
async function liveOf(consul: Consul, service: string): Promise<LiveSetting[]> {
  const instances: { ServiceMeta?: Record<string, string> }[] = await consul.catalog.service.nodes(service);
  const byName = instances
    .flatMap(({ ServiceMeta = {} }) => fromMeta(ServiceMeta))
    .map((one) => [one.name, one] as const);
  return [...new Map(byName).values()];
}

function toText({ Key, Value }: Entry): SetText[] {
  const [, service, name] = /^([^/]+)\/(.+)$/.exec(Key.slice(settingsRoot.length)) ?? [];
  // A key that ends with a slash is what other tools make for a folder.
  return service === undefined || name === undefined ? [] : [{ service, name, text: Value ?? '' }];
}
