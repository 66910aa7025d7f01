import type { Mesh } from '@doorbuster/discovery';
import { type Shop, silentProgress, startShop } from '@doorbuster/stack';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { audit } from '../audit/audit.ts';
import { toTable } from '../audit/report.ts';
import { sourcesOf } from '../audit/sources.ts';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { allow, askAs, enterAs, issuerAt, rotateAuthority } from '../support/mesh.ts';

// Starts its own shop, because only that has mutual TLS.

let shop: Shop;
const meshes: Mesh[] = [];
beforeAll(async () => {
  shop = await startShop({ progress: silentProgress, mtls: true });
}, 300_000);
afterAll(async () => {
  for (const mesh of meshes) mesh.close();
  await shop?.stop();
}, 60_000);

async function enter(service: string): Promise<Mesh> {
  const mesh = await enterAs(service, shop.info.consul);
  meshes.push(mesh);
  return mesh;
}

const portOf = (name: string) => shop.info.processes.find((one) => one.name === name)?.port;
const urlOf = (service: string, protocol = 'https') =>
  `${protocol}://127.0.0.1:${portOf(`${service}-1`)}/pulse`;
const behind = ['order', 'inventory', 'payment', 'notification'];
const lines = [{ sku: 'DB-1000', quantity: 1 }];
const stock = async () => (await fetch(`${shop.info.gateway}/stock/DB-1000`)).status;

describe('When services call each other by mutual TLS', () => {
  test('then an order goes through', async () => {
    const customer = newCustomer(shop.info.gateway);
    const { id } = await customer.place('tok_ok', lines);
    expect(await customer.ended(id)).toMatchObject({ state: 'completed' });
  });

  test.each(behind)('then only the gateway may call %s', async (service) => {
    await expect(fetch(urlOf(service, 'http'))).rejects.toThrow();
    await expect(fetch(urlOf(service))).rejects.toThrow();
    const other = await enter(service === 'payment' ? 'order' : 'payment');
    await expect(askAs(other, service, urlOf(service))).rejects.toThrow();
    expect(await askAs(await enter('gateway'), service, urlOf(service))).toMatchObject({ status: 200 });
  });
});

test('When a permission is revoked, then the door cannot call, and it can as soon as it may again', async () => {
  const { consul } = shop.info;
  expect(await stock()).toBe(200);
  await allow(consul, 'inventory', []);
  await eventually('inventory refuses the door', async () => (await stock()) >= 500);
  await allow(consul, 'inventory', ['gateway']);
  await eventually('inventory lets the door in', async () => (await stock()) === 200);
});

test('When the authority is replaced, then orders go on, and the books are right', async () => {
  const { consul, gateway } = shop.info;
  const customer = newCustomer(gateway);
  const issuers = () => Promise.all(behind.map((service) => issuerAt(urlOf(service))));
  const [old] = await issuers();
  expect(await issuers()).toEqual(behind.map(() => old));
  await rotateAuthority(consul);
  const placed: string[] = [];
  await eventually('every service has a new certificate', async () => {
    placed.push((await customer.place('tok_ok', lines)).id);
    return !(await issuers()).includes(old);
  });
  for (const id of placed) expect(await customer.ended(id)).toMatchObject({ state: 'completed' });
  const report = await audit(sourcesOf(shop.info));
  expect([report.verdict, toTable(report)]).toEqual(['PASS', expect.any(String)]);
});
