import { type Shop, silentProgress, startShop } from '@doorbuster/stack';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tracedServices } from '../load/jaeger.ts';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { labelsOf } from '../support/prometheus.ts';

// Starts its own shop, because only that has a Prometheus; it breaks nothing.

let shop: Shop;
let prometheus: string;

beforeAll(async () => {
  // Its first start builds Prometheus, where that is not in the cache.
  shop = await startShop({ progress: silentProgress, observability: true });
  prometheus = shop.info.prometheus ?? '';
  const customer = newCustomer(shop.info.gateway);
  const lines = [{ sku: 'DB-1000', quantity: 1 }];
  const cards = ['tok_ok', 'tok_ok', 'tok_declined'];
  const orders = await Promise.all(cards.map((card) => customer.place(card, lines)));
  await Promise.all(orders.map(({ id }) => customer.ended(id)));
}, 900_000);
afterAll(() => shop?.stop(), 60_000);

const everyService = tracedServices.toSorted();
const withRequests = ['acquirer', 'gateway', 'order'];
const withPipeline = ['inventory', 'notification', 'order', 'payment'];

test('When a shop is observed, then Prometheus reaches the collector and itself', async () => {
  const jobs = () => labelsOf(prometheus, 'up == 1', 'job');
  const both = await eventually('both are up', async () => (await jobs()).length === 2 && jobs());
  expect(both).toEqual(['collector', 'prometheus']);
});

test.each([
  ['the requests of all who got some', 'http_server_request_duration_seconds_count', withRequests],
  ['the batches of all that have a pipeline', 'doorbuster_batch_size_count', withPipeline],
  ['the spans of all', 'traces_span_metrics_calls_total', everyService],
  ['how long they took', 'traces_span_metrics_duration_seconds_bucket{le="2.5"}', everyService],
])(
  'When orders have gone through, then Prometheus has %s, by service and instance',
  async (_what, series, services) => {
    const seen = (label: string) => labelsOf(prometheus, series, label);
    await eventually(`${series} is there for ${services.join(', ')}`, async () => {
      const there = await seen('service_name');
      return services.every((service) => there.includes(service));
    });
    expect(await seen('service_instance_id')).toEqual(
      expect.arrayContaining(services.map((service) => `${service}-1`)),
    );
    expect(await seen('job')).toEqual(
      expect.arrayContaining(services.map((service) => `doorbuster/${service}`)),
    );
  },
);
