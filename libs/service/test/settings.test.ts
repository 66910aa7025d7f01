import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createSettings } from '../src/settings.ts';

const Config = z.object({
  ORDERS_MAX: z.coerce.number().int().min(1).default(5_000),
  SHARE: z.coerce.number().min(0).max(1).default(1),
  COLOUR: z.enum(['red', 'blue']).default('red'),
  BROKERS: z.string().transform((text) => text.split(',')),
});

/** Settings whose environment is known, and every line that they write. */
function keep() {
  const lines: object[] = [];
  const settings = createSettings({
    live: ['ORDERS_MAX', 'SHARE', 'COLOUR', 'BROKERS'],
    environment: Config.parse({ ORDERS_MAX: '700', BROKERS: 'a,b' }),
    schema: Config,
    keyOf: (name) => `settings/shop/${name}`,
    log: {
      info: (fields: object, message: string) => lines.push({ ...fields, message }),
      warn: (fields: object, message: string) => lines.push({ ...fields, message }),
    },
  });
  const set = (texts: Record<string, string>) => settings.take(new Map(Object.entries(texts)));
  return { ...settings, set, lines };
}

const changed = (setting: string, old: unknown, value: unknown) => ({
  ...{ setting, old, new: value, message: 'Setting changed' },
});
const refused = (name: string, reason: string) => ({
  key: `settings/shop/${name}`,
  reason: expect.stringContaining(reason),
  message: 'Setting refused; what was in force stays in force',
});

test('When nothing is set, then the environment rules', () => {
  const { get, set, lines } = keep();
  set({});
  expect([get('ORDERS_MAX'), get('SHARE'), get('COLOUR'), get('BROKERS')]).toEqual([
    ...[700, 1, 'red'],
    ['a', 'b'],
  ]);
  expect(lines).toEqual([]);
});

describe('When a setting is set', () => {
  test('then it is in force, as its schema makes it, and one line tells', () => {
    const { get, set, lines } = keep();
    set({ ORDERS_MAX: '100', BROKERS: 'c' });
    expect([get('ORDERS_MAX'), get('BROKERS')]).toEqual([100, ['c']]);
    set({ ORDERS_MAX: ' 100\n', BROKERS: 'c' });
    expect(lines).toEqual([changed('ORDERS_MAX', 700, 100), changed('BROKERS', ['a', 'b'], ['c'])]);
  });

  test('to what it is, then nobody is told', () => {
    const { set, lines } = keep();
    set({ ORDERS_MAX: '700', BROKERS: 'a,b' });
    expect(lines).toEqual([]);
  });

  test('and no longer, then the environment rules again', () => {
    const { get, set, lines } = keep();
    set({ ORDERS_MAX: '100', SHARE: '0.5' });
    set({ SHARE: '0.5' });
    expect([get('ORDERS_MAX'), get('SHARE')]).toEqual([700, 0.5]);
    expect(lines.at(-1)).toEqual(changed('ORDERS_MAX', 100, 700));
  });
});

describe('When a value is wrong', () => {
  test.each([
    ['ORDERS_MAX', 'many', 'expected number'],
    ['ORDERS_MAX', '0', '>=1'],
    ['ORDERS_MAX', '1.5', 'expected int'],
    ['SHARE', '2', '<=1'],
    ['SHARE', '', 'It is blank'],
    ['SHARE', ' \n', 'It is blank'],
    ['COLOUR', 'green', '"red"|"blue"'],
  ] as const)('%s %j, then it is refused with its key and the reason', (name, text, reason) => {
    const { get, set, lines } = keep();
    const before = get(name);
    set({ [name]: text });
    expect(get(name)).toBe(before);
    expect(lines).toEqual([refused(name, reason)]);
  });

  test('then the last good one stays, until there is a better one, or none', () => {
    const { get, set } = keep();
    set({ ORDERS_MAX: '100' });
    set({ ORDERS_MAX: 'many' });
    expect(get('ORDERS_MAX')).toBe(100);
    set({ ORDERS_MAX: '200' });
    expect(get('ORDERS_MAX')).toBe(200);
    set({ ORDERS_MAX: 'few' });
    set({});
    expect(get('ORDERS_MAX')).toBe(700);
  });

  test('then its neighbours are taken all the same', () => {
    const { get, set } = keep();
    set({ ORDERS_MAX: 'many', SHARE: '0.1' });
    expect(get('SHARE')).toBe(0.1);
  });

  test('then it is said once, and again when it comes again', () => {
    const { set, lines } = keep();
    set({ ORDERS_MAX: 'many' });
    set({ ORDERS_MAX: 'many', SHARE: '1' });
    expect(lines).toHaveLength(1);
    set({ ORDERS_MAX: '700' });
    set({ ORDERS_MAX: 'many' });
    expect(lines).toHaveLength(2);
    set({});
    set({ ORDERS_MAX: 'many' });
    expect(lines).toHaveLength(3);
  });
});

test('When something is set that is no live setting, then that is said once, and nothing happens', () => {
  const { set, lines } = keep();
  set({ ORDERS_MAXX: '1', toString: '1' });
  set({ ORDERS_MAXX: '1', toString: '1', SHARE: '1' });
  expect(lines).toEqual(['ORDERS_MAXX', 'toString'].map((name) => refused(name, 'No live setting here')));
  set({});
  set({ ORDERS_MAXX: '1' });
  expect(lines).toHaveLength(3);
});
