import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { shop } from '../support/servers.ts';

const Trace = z.object({
  data: z.array(
    z.object({
      spans: z.array(
        z.object({
          spanID: z.string(),
          operationName: z.string(),
          processID: z.string(),
          references: z.array(z.object({ refType: z.string(), traceID: z.string(), spanID: z.string() })),
          tags: z.array(z.object({ key: z.string(), value: z.unknown() })),
        }),
      ),
      processes: z.record(z.string(), z.object({ serviceName: z.string() })),
    }),
  ),
});

async function readTrace(traceId: string) {
  const response = await fetch(`${shop().jaeger}/api/traces/${traceId}`);
  const parsed = Trace.safeParse(await response.json());
  const trace = parsed.success ? parsed.data.data[0] : undefined;
  return (
    trace && {
      ...trace,
      services: new Set(Object.values(trace.processes).map(({ serviceName }) => serviceName)),
    }
  );
}

const everyService = ['acquirer', 'gateway', 'inventory', 'notification', 'order', 'payment'];

test('When an order is traced, then one trace leads from the click to the e-mail, and every span has its parent', async () => {
  const customer = newCustomer();
  const traceId = randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  const { id } = await customer.place('tok_ok', [{ sku: 'DB-1060', quantity: 1 }], { traceparent });
  await customer.ended(id);
  const trace = await eventually('the trace has every service and the e-mail', async () => {
    const found = await readTrace(traceId);
    const isMailed = found?.spans.some(({ operationName }) => operationName === 'effect mail.send');
    return isMailed && everyService.every((service) => found?.services.has(service)) && found;
  });
  const known = new Set(trace.spans.map(({ spanID }) => spanID));
  const orphans = trace.spans.filter(({ references }) => references.some(({ spanID }) => !known.has(spanID)));
  // Only the span at the door has a parent outside: the one that this test made up.
  expect(orphans.map(({ operationName }) => operationName)).toEqual(['POST /orders']);
  // Everything that makes spans has made some: a hook that is missed is silent.
  const scopes = new Set(
    trace.spans.flatMap(({ tags }) => tags.find(({ key }) => key === 'otel.scope.name')?.value),
  );
  for (const library of ['@doorbuster/service', '@doorbuster/pipeline']) expect(scopes).toContain(library);
  for (const library of ['pg', 'undici'])
    expect(scopes).toContain(`@opentelemetry/instrumentation-${library}`);
  expect((await customer.look(id)).timeline.every((entry) => entry.traceId === traceId)).toBe(true);
});

test('When orders that are not sampled follow one that is, then its trace has nothing of theirs', async () => {
  const customer = newCustomer();
  const traceId = randomBytes(16).toString('hex');
  const lines = [{ sku: 'DB-1062', quantity: 1 }];
  const parent = () => randomBytes(8).toString('hex');
  const first = await customer.place('tok_ok', lines, { traceparent: `00-${traceId}-${parent()}-01` });
  await customer.ended(first.id);
  // So many at once that they come over the connections that the first one has used, at every service.
  const crowd = Array.from({ length: 100 }, async () => {
    const unsampled = `00-${randomBytes(16).toString('hex')}-${parent()}-00`;
    const { id } = await customer.place('tok_ok', lines, { traceparent: unsampled });
    await customer.ended(id);
  });
  await Promise.all(crowd);
  const names = await eventually('the trace has the e-mail', async () => {
    const found = (await readTrace(traceId))?.spans.map(({ operationName }) => operationName) ?? [];
    return found.includes('effect mail.send') && found;
  });
  expect(names.filter((name) => name === 'POST /orders')).toHaveLength(2);
  expect(names.filter((name) => name.startsWith('pg.query:charge'))).toHaveLength(1);
});

test('When an order is not sampled, then it leaves no span', async () => {
  const customer = newCustomer();
  const traceId = randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-00`;
  const { id } = await customer.place('tok_ok', [{ sku: 'DB-1061', quantity: 1 }], { traceparent });
  const ended = await customer.ended(id);
  expect(ended.timeline.every((entry) => entry.traceId === null)).toBe(true);
  expect(await readTrace(traceId)).toBeUndefined();
});

const Health = z.array(z.object({ Service: z.object({ ID: z.string(), Port: z.number() }) }));

test('When Consul is asked, then every service is passing', async () => {
  for (const service of ['order', 'inventory', 'payment', 'notification', 'gateway']) {
    const passing = await eventually(`${service} is passing`, async () => {
      const response = await fetch(`${shop().consul}/v1/health/service/${service}?passing`);
      const instances = Health.parse(await response.json());
      return instances.length > 0 && instances;
    });
    expect(passing.map(({ Service }) => Service.ID)).toEqual([`${service}-1`]);
  }
});
