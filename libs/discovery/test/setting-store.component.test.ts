import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { servers } from '../../../test/support/servers.ts';
import { openSettings, type Registered, register, toMeta } from '../src/index.ts';

const schema = { type: 'integer', minimum: 1 };
const metaOf = (name: string) => toMeta([{ name, environment: 5_000, schema }]);
const put = (path: string, body?: object) =>
  fetch(`${servers().consul}/v1/${path}`, { method: 'PUT', body: body ? JSON.stringify(body) : null });

let registered: Registered | undefined;
afterEach(() => registered?.close());

test('When a new version registers, then Consul tells its live settings, and no longer those of the old one', async () => {
  const store = openSettings(servers().consul);
  const told = async () => (await store.live()).get('told');
  const place = { name: 'told', id: 'told-1', port: 9 };
  // As the old version leaves it that was killed, and whose address the new one has.
  await put('agent/service/register', { ...place, address: '127.0.0.1', meta: metaOf('ORDERS_LIMIT') });
  await eventually('the old one is told', async () => (await told())?.[0]?.name === 'ORDERS_LIMIT');
  const instance = { ...place, host: '127.0.0.1', healthPath: '/', meta: metaOf('ORDERS_MAX') };
  registered = register(servers().consul, instance, { info() {}, warn() {} });
  await eventually('the new one is told', async () => (await told())?.[0]?.name === 'ORDERS_MAX');
  expect(await told()).toEqual([{ name: 'ORDERS_MAX', environment: 5_000, schema }]);
});

test('When settings are set and unset, then Consul tells what is set, whoever takes it', async () => {
  const store = openSettings(servers().consul);
  const ours = async () => (await store.texts()).filter(({ service }) => service.startsWith('nobody-'));
  expect(await ours()).toEqual([]);
  const set = [
    { service: 'nobody-1', name: 'A', text: '1' },
    { service: 'nobody-2', name: 'A', text: '' },
  ];
  for (const one of set) await store.set(one);
  // What other tools make for a folder.
  await put('kv/doorbuster/settings/nobody-3/');
  expect(await ours()).toEqual(set);
  for (const one of set) await store.unset(one);
  await store.unset({ service: 'nobody-3', name: '' });
  expect(await ours()).toEqual([]);
});
