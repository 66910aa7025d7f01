import type { LiveSetting, SetText, SettingStore } from '@doorbuster/discovery';
import { z } from 'zod';
import { SetupError } from '../setup-error.ts';
import type { SettingCommand } from './setting-options.ts';

type Live = Awaited<ReturnType<SettingStore['live']>>;

/** Carries out one call of `npm run settings`; gives what there is to say. @throws SetupError, one sentence */
export async function carryOut(store: SettingStore, command: SettingCommand): Promise<string[]> {
  const [live, texts] = await Promise.all([store.live(), store.texts()]);
  switch (command.kind) {
    case 'list':
      return list(live, texts);
    case 'set':
      return [await set(store, command, live, texts)];
    case 'unset':
      return [await unset(store, command, live, texts)];
  }
}

async function set(store: SettingStore, wish: SetText, live: Live, texts: SetText[]): Promise<string> {
  const { service, name, text } = wish;
  const setting = settingOf(live, service, name);
  const complaint = complaintAbout(setting, text);
  if (complaint !== undefined)
    throw new SetupError(`${service} would refuse "${text}" for ${name}: ${complaint}.`);
  await store.set({ service, name, text });
  return `${service}: ${name} is ${text}; it was ${textOf(texts, wish) ?? show(setting)}`;
}

/** What nobody takes can be unset all the same: it may be left over from another version. */
async function unset(
  store: SettingStore,
  wish: Omit<SetText, 'text'>,
  live: Live,
  texts: SetText[],
): Promise<string> {
  const { service, name } = wish;
  const before = textOf(texts, wish);
  if (before === undefined) {
    const setting = settingOf(live, service, name);
    return `${service}: ${name} is ${show(setting)}; nothing was set`;
  }
  await store.unset(wish);
  const setting = live.get(service)?.find((one) => one.name === name);
  return `${service}: ${name} is ${setting === undefined ? 'gone' : show(setting)}; it was ${before}`;
}

const textOf = (texts: SetText[], { service, name }: Omit<SetText, 'text'>): string | undefined =>
  texts.find((one) => one.service === service && one.name === name)?.text;

const show = ({ environment }: LiveSetting): string => String(environment ?? 'as in the environment');

/** @throws SetupError that names what there is instead */
function settingOf(live: Live, service: string, name: string): LiveSetting {
  const settings = live.get(service);
  if (settings === undefined)
    throw new SetupError(
      `There is no service ${service} with live settings; there are: ${named(live.keys())}.`,
    );
  const setting = settings.find((one) => one.name === name);
  if (setting !== undefined) return setting;
  const names = settings.map((one) => one.name);
  throw new SetupError(`${name} is no live setting of ${service}; there are: ${named(names)}.`);
}

const named = (names: Iterable<string>): string => [...names].sort().join(', ') || 'none';

/** What the service would have against this value, as far as its registration tells; it judges for itself in any case. */
function complaintAbout({ schema }: LiveSetting, text: string): string | undefined {
  if (text.trim() === '') return 'It is blank';
  const isNumber = schema['type'] === 'integer' || schema['type'] === 'number';
  const { success, error } = z.fromJSONSchema(schema).safeParse(isNumber ? Number(text) : text);
  return success ? undefined : error.issues.map(({ message }) => message).join('; ');
}

function list(live: Live, texts: SetText[]): string[] {
  const known = [...live].flatMap(([service, settings]) =>
    settings.map((setting) => [
      service,
      setting.name,
      ...stateOf(setting, textOf(texts, { service, name: setting.name })),
    ]),
  );
  const isKnown = ({ service, name }: SetText) => live.get(service)?.some((one) => one.name === name);
  const strangers = texts
    .filter((one) => !isKnown(one))
    .map(({ service, name, text }) => [service, name, text, 'taken by nobody']);
  const rows = [...known, ...strangers].map(([service = '', name = '', value = '', remark = '']) =>
    [service.padEnd(13), name.padEnd(28), value.padEnd(8), remark].join(' ').trimEnd(),
  );
  return rows.length === 0 ? ['No service with live settings runs.'] : rows.sort();
}

/** The value that is in force and, where it is set, what it stands for. */
function stateOf(setting: LiveSetting, text: string | undefined): [string, string] {
  if (text === undefined) return [show(setting), ''];
  const complaint = complaintAbout(setting, text);
  if (complaint === undefined) return [text, `instead of ${show(setting)}`];
  return [text, `refused, the last good value stays: ${complaint}`];
}
