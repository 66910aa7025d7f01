import { type Shop, silentProgress, startShop } from '@doorbuster/stack';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { audit } from '../audit/audit.ts';
import { sourcesOf } from '../audit/sources.ts';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';

// Breaks: every process of ours, by SIGKILL, in turn, while orders come in. Must hold: I1 to I8, and Consul forgets
// the dead and finds the living.

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ progress: silentProgress, instances: 2, traceShare: 0 });
});
afterAll(() => shop.stop());

const passing = async (service: string): Promise<string[]> => {
  const response = await fetch(`${shop.info.consul}/v1/health/service/${service}?passing`);
  const instances = (await response.json()) as { Service: { ID: string } }[];
  return instances.map(({ Service }) => Service.ID).sort();
};

const victims = [
  'order-1',
  'inventory-1',
  'payment-1',
  'notification-1',
  'acquirer-1',
  'mailbox-1',
  'gateway-1',
];

test('When each process is killed in turn under load, then every order ends and every book agrees', async () => {
  const customer = newCustomer(shop.info.gateway);
  const ids: string[] = [];
  let isOver = false;
  const buyers = Array.from({ length: 8 }, async (_, n) => {
    for (let i = 0; !isOver; i++) {
      const key = `${n}-${i}`;
      const body = customer.order(i % 10 === 0 ? 'tok_declined' : 'tok_ok', [
        { sku: `DB-${1_000 + n}`, quantity: 1 },
      ]);
      // What the client does not know it asks again by its key, as a client should.
      const id = await eventually(`order ${key} is answered`, async () => {
        const response = await customer.post(body, { 'idempotency-key': key }).catch(() => undefined);
        if (response?.status !== 202) return undefined;
        return ((await response.json()) as { id: string }).id;
      });
      // Each buyer waits for its order to end before the next, which bounds the load.
      await customer.ended(id);
      ids.push(id);
    }
  });
  // From now on, so that a buyer who fails while something is killed is heard at the end and not in another test.
  const settled = Promise.allSettled(buyers);
  try {
    for (const victim of victims) {
      const before = ids.length;
      await shop.supervisor.kill(victim);
      await eventually(`${victim} is back`, () => {
        const state = shop.supervisor.list().find(({ name }) => name === victim);
        return state?.state === 'ready' && state.restarts > 0;
      });
      await eventually('orders go on', () => ids.length > before + 20);
    }
  } finally {
    isOver = true;
    await settled;
  }
  await Promise.all(buyers);
  const report = await eventually('the books are quiet', async () => {
    const audited = await audit(sourcesOf(shop.info));
    return audited.verdict === 'PASS' && audited;
  });
  expect(report.verdict).toBe('PASS');
}, 600_000);

test('When an instance is killed and stays away, then Consul no longer names it, and the door goes on', async () => {
  const customer = newCustomer(shop.info.gateway);
  await eventually('both are passing', async () => (await passing('order')).length === 2);
  await shop.supervisor.pause('order-2');
  await eventually('the paused one is gone', async () => !(await passing('order')).includes('order-2'));
  const { id } = await customer.place('tok_ok', [{ sku: 'DB-1100', quantity: 1 }]);
  await shop.supervisor.resume('order-2');
  await eventually('it is back', async () => (await passing('order')).length === 2);
  expect(await customer.ended(id)).toMatchObject({ status: 'confirmed' });
}, 120_000);
