import './support/metrics.ts';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freshDatabase, type Service, services } from './databases/database.ts';
import { type Databases, startShopInProcess } from './databases/shop-in-process.ts';
import { eventually } from './support/eventually.ts';
import { measured, metricValue } from './support/metrics.ts';
import { servers } from './support/servers.ts';

type Running = Awaited<ReturnType<typeof startShopInProcess>>;
let databases: Databases;
let running: Running;

beforeAll(async () => {
  const postgres = servers().postgres['order'] ?? '';
  const made: Partial<Databases> = {};
  for (const service of services) made[service] = await freshDatabase(postgres, service);
  databases = made as Databases;
  running = await startShopInProcess(databases, servers().kafka);
});

afterAll(async () => {
  await running.close();
  for (const service of Object.keys(databases)) await databases[service as Service].drop();
});

/** Places an order, with the same key as often as it is said, and waits for its end. */
async function order(card: string, times = 1): Promise<string> {
  const { shop } = running;
  const customer = { id: randomUUID(), email: 'measured@example.com' };
  const body = { customer, card, lines: [{ sku: 'DB-1001', quantity: 1 }] };
  const key = { 'idempotency-key': randomUUID() };
  const ids: string[] = [];
  for (let n = 0; n < times; n++) {
    const { id } = (await shop.order.ask('POST', '/orders', body, key)) as { id: string };
    ids.push(id);
  }
  const [id = ''] = ids;
  await eventually('the order has ended', async () => {
    const { state } = (await shop.order.ask('GET', `/orders/${id}`)) as { state: string };
    return ['completed', 'cancelled'].includes(state);
  });
  return id;
}

describe('When orders go through a whole shop', () => {
  const ids: string[] = [];
  beforeAll(async () => {
    ids.push(await order('tok_ok', 3), await order('tok_declined'));
  });

  test('then each is counted once, however often it was asked for', async () => {
    expect(await metricValue('doorbuster.orders.accepted')).toBe(2);
    expect(await metricValue('doorbuster.orders.confirmed')).toBe(1);
    expect(await metricValue('doorbuster.orders.cancelled', { reason: 'card-declined' })).toBe(1);
    expect(await metricValue('doorbuster.orders.open')).toBe(0);
    expect(await metricValue('doorbuster.saga.duration', { outcome: 'confirmed' })).toBe(1);
    expect(await metricValue('doorbuster.saga.duration', { outcome: 'cancelled' })).toBe(1);
    for (const [state, times] of Object.entries({ reserving: 2, paying: 2, confirmed: 1, releasing: 1 }))
      expect([state, await metricValue('doorbuster.saga.step.duration', { state })]).toEqual([state, times]);
  });

  test('then the calls to the outside world are counted by what came of them', async () => {
    // What other tests left in the shared Kafka is paid and mailed here as well.
    const calls = (type: string, outcome: string) =>
      metricValue('doorbuster.effect.duration', { type, outcome });
    expect(await calls('acquirer.capture', 'captured')).toBeGreaterThanOrEqual(1);
    expect(await calls('acquirer.capture', 'declined')).toBeGreaterThanOrEqual(1);
    await eventually('both customers are told', async () => (await calls('mail.send', 'sent')) >= 2);
  });

  test('then ten products are told, those that sold best first among them', async () => {
    const stock = (await measured()).filter(({ name }) => name === 'doorbuster.stock.on_hand');
    expect(stock).toHaveLength(10);
    expect(await metricValue('doorbuster.stock.on_hand', { sku: 'DB-1001' })).toBe(99);
  });

  test('then no label of any metric is an order, a customer or a message', async () => {
    const all = await measured();
    expect(new Set(all.map(({ name }) => name)).size).toBeGreaterThan(15);
    const labels = all.flatMap(({ attributes }) => Object.values(attributes).map(String));
    const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-/;
    // The groups of this shop have a run in their names, so that it has them for itself.
    const found = labels.filter(
      (label) => uuid.test(label) && !/^(order|inventory|payment|notification)-/.test(label),
    );
    expect(found).toEqual([]);
    expect(labels.filter((label) => ids.some((id) => label.includes(id)))).toEqual([]);
  });
});
