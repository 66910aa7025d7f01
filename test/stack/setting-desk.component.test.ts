import { randomUUID } from 'node:crypto';
import { openSettings, type Registered, register, toMeta } from '@doorbuster/discovery';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { carryOut } from '../../libs/stack/src/cli/setting-desk.ts';
import { eventually } from '../support/eventually.ts';
import { servers } from '../support/servers.ts';

const service = `desk-${randomUUID().slice(0, 8)}`;
const setting = { name: 'ORDERS_MAX', environment: 5_000, schema: { type: 'integer', minimum: 1 } };
const share = { name: 'SHARE', environment: 1, schema: { type: 'number', minimum: 0, maximum: 1 } };
const colour = { name: 'COLOUR', environment: 'red', schema: { type: 'string', enum: ['red', 'blue'] } };

let registered: Registered;
beforeAll(async () => {
  const instance = { name: service, id: `${service}-1`, host: '127.0.0.1', port: 9, healthPath: '/' };
  const log = { info() {}, warn() {} };
  registered = register(servers().consul, { ...instance, meta: toMeta([setting, colour, share]) }, log);
  const store = openSettings(servers().consul);
  await eventually('it is registered', async () => (await store.live()).has(service));
});
afterAll(() => registered.close());

const store = () => openSettings(servers().consul);
const set = (name: string, text: string) =>
  carryOut(store(), { kind: 'set', service, name, text, info: undefined });
const unset = (name: string, of = service) =>
  carryOut(store(), { kind: 'unset', service: of, name, info: undefined });

/** What is listed of our service. */
async function listed(): Promise<string[]> {
  const lines = await carryOut(store(), { kind: 'list', info: undefined });
  return lines.filter((line) => line.startsWith(service)).map((line) => line.replaceAll(/ +/g, ' '));
}

test('When a setting is set and unset, then each answer and the list tell what it is and was', async () => {
  const before = [`${service} COLOUR red`, `${service} ORDERS_MAX 5000`, `${service} SHARE 1`];
  expect(await listed()).toEqual(before);
  expect(await unset('ORDERS_MAX')).toEqual([`${service}: ORDERS_MAX is 5000; nothing was set`]);
  expect(await set('ORDERS_MAX', '100')).toEqual([`${service}: ORDERS_MAX is 100; it was 5000`]);
  expect(await set('ORDERS_MAX', '200')).toEqual([`${service}: ORDERS_MAX is 200; it was 100`]);
  expect(await set('COLOUR', 'blue')).toEqual([`${service}: COLOUR is blue; it was red`]);
  expect(await listed()).toEqual([
    `${service} COLOUR blue instead of red`,
    `${service} ORDERS_MAX 200 instead of 5000`,
    `${service} SHARE 1`,
  ]);
  expect(await unset('ORDERS_MAX')).toEqual([`${service}: ORDERS_MAX is 5000; it was 200`]);
  await unset('COLOUR');
  expect(await listed()).toEqual(before);
});

describe('When a value is against what the service told', () => {
  test.each([
    ['ORDERS_MAX', 'many'],
    ['ORDERS_MAX', '0'],
    ['SHARE', ' '],
    ['COLOUR', 'green'],
  ])('%s %s, then it is not written', async (name, text) => {
    await expect(set(name, text)).rejects.toMatchObject({
      name: 'SetupError',
      message: expect.stringContaining(name),
    });
    expect((await store().texts()).filter((one) => one.service === service)).toEqual([]);
  });

  test('and was written by another hand, then the list says that it is refused', async () => {
    await store().set({ service, name: 'ORDERS_MAX', text: 'many' });
    expect((await listed())[1]).toMatch(/ORDERS_MAX many refused, the last good value stays: .*number/);
    await unset('ORDERS_MAX');
  });
});

test('When a key is left over that nobody takes, then the list says so, and it can be unset', async () => {
  await store().set({ service, name: 'OLD', text: '1' });
  expect(await listed()).toContain(`${service} OLD 1 taken by nobody`);
  expect(await unset('OLD')).toEqual([`${service}: OLD is gone; it was 1`]);
  await expect(unset('OLD')).rejects.toThrow(
    `OLD is no live setting of ${service}; there are: COLOUR, ORDERS_MAX, SHARE.`,
  );
});

test('When there is no such service, then those that there are are named', async () => {
  await expect(unset('ORDERS_MAX', 'nowhere')).rejects.toThrow(
    new RegExp(`^There is no service nowhere with live settings; there are: .*${service}`),
  );
});
