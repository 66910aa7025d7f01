import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePorts, type Supervisor, silentProgress } from '../../libs/stack/src/index.ts';
import { type JaegerPorts, jaegerServer } from '../../libs/stack/src/servers/jaeger.ts';
import { ensureJaeger } from '../../libs/stack/src/tools/jaeger.ts';
import { readTrace } from '../load/jaeger.ts';
import { eventually } from '../support/eventually.ts';
import { newSupervisor } from './supervised-child.ts';

// The collector alone, told to keep none of the traces that nothing speaks for.

let supervisor: Supervisor;
let ports: JaegerPorts;

beforeAll(async () => {
  const [query = 0, queryGrpc = 0, otlpHttp = 0, otlpGrpc = 0, metrics = 0, health = 0] = await freePorts(6);
  ports = { query, queryGrpc, otlpHttp, otlpGrpc, metrics, health };
  const jaeger = jaegerServer(await ensureJaeger({ progress: silentProgress }), ports);
  supervisor = await newSupervisor();
  await supervisor.run({ ...jaeger, env: { ...jaeger.env, TRACE_KEEP_PERCENT: '0' } });
}, 600_000);
afterAll(() => supervisor?.stopAll(), 20_000);

const resource = {
  attributes: Object.entries({
    'service.namespace': 'doorbuster',
    'service.name': 'order',
    'service.instance.id': 'order-1',
  }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
};

async function send(signal: 'traces' | 'metrics', body: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${ports.otlpHttp}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

const nanoseconds = (ms: number) => `${BigInt(ms) * 1_000_000n}`;

/** A span of a trace of its own, which has just ended. */
function newSpan(name: string, { tookMs = 10, ...more }: { tookMs?: number; [field: string]: unknown } = {}) {
  const [traceId, spanId] = [16, 8].map((bytes) => randomBytes(bytes).toString('hex'));
  const endedAt = Date.now();
  const times = {
    startTimeUnixNano: nanoseconds(endedAt - tookMs),
    endTimeUnixNano: nanoseconds(endedAt),
  };
  return { traceId: traceId ?? '', spanId, name, kind: 2, ...times, ...more };
}

const ofOrder1 =
  /(?=.*[{,]service_name="order")(?=.*service_instance_id="order-1")(?=.*job="doorbuster\/order")/;

/** The series of a metric, as Prometheus would fetch them. */
async function seriesOf(name: string): Promise<string[]> {
  const response = await fetch(`http://127.0.0.1:${ports.metrics}/metrics`);
  return (await response.text()).split('\n').filter((line) => line.startsWith(`${name}{`));
}

test('When few traces are kept, then those that failed, that were slow or that were asked for are', async () => {
  const asked = { key: 'doorbuster.trace.asked', value: { boolValue: true } };
  const plain = newSpan('plain');
  const kept = [
    newSpan('failed', { status: { code: 2 } }),
    newSpan('slow', { tookMs: 1_500 }),
    newSpan('asked for', { attributes: [asked] }),
  ];
  // All at once, so that all are judged at once.
  await send('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans: [plain, ...kept] }] }] });
  const nameIn = async ({ traceId }: { traceId: string }) =>
    (await readTrace(`http://127.0.0.1:${ports.query}`, traceId))?.[0]?.name;
  await eventually('the three are there', async () => {
    const names = await Promise.all(kept.map(nameIn));
    return names.join() === 'failed,slow,asked for';
  });
  expect(await nameIn(plain)).toBeUndefined();

  const calls = await eventually('the plain one is counted, though it is not kept', async () => {
    const series = await seriesOf('traces_span_metrics_calls_total');
    // A series begins with 0, so that its first step is a rate too.
    return series.find((line) => line.includes('span_name="plain"') && line.endsWith(' 1'));
  });
  expect(calls).toMatch(ofOrder1);
  expect(await seriesOf('traces_span_metrics_duration_seconds_sum')).toHaveLength(4);
});

test('When a service sends a metric, then it is shown with its unit, its service and its instance', async () => {
  const dataPoints = [{ asInt: '3', timeUnixNano: nanoseconds(Date.now()), attributes: [] }];
  const sum = { isMonotonic: true, aggregationTemporality: 2, dataPoints };
  const metrics = [
    { name: 'doorbuster.orders.accepted', unit: '{order}', sum },
    { name: 'doorbuster.outbox.age', unit: 's', gauge: { dataPoints } },
  ];
  await send('metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
  for (const name of ['doorbuster_orders_accepted_total', 'doorbuster_outbox_age_seconds']) {
    const [series] = await eventually(`${name} is shown`, async () => {
      const found = await seriesOf(name);
      return found.length > 0 && found;
    });
    expect(series).toMatch(ofOrder1);
    expect(series).toMatch(/ 3$/);
  }
});
