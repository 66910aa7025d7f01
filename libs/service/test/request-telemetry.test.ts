import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import express from 'express';
import { eventually } from '../../../test/support/eventually.ts';
import { observeRequests } from '../src/request-telemetry.ts';
import { followTraceShare } from '../src/sampling.ts';

const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(
  new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
);
afterEach(() => {
  exporter.reset();
  followTraceShare(() => 0);
});

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** What the span of a request says of whether it was asked for. */
async function asked(isDoor: boolean, headers: Record<string, string>) {
  const app = express();
  app.use(observeRequests({ isDoor }));
  app.get('/orders/:id', (_req, res) => void res.send('ok'));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await (await fetch(`http://127.0.0.1:${port}/orders/1`, { headers })).text();
    const span = await eventually('the span is there', () => exporter.getFinishedSpans()[0]);
    expect(span.name).toBe('GET /orders/:id');
    return span.attributes['doorbuster.trace.asked'];
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test('When a request brings a recorded trace to the door, then its span says that it was asked for', async () => {
  expect(await asked(true, { traceparent })).toBe(true);
});

test('When it comes to a service behind the door, then the span says nothing of it', async () => {
  expect(await asked(false, { traceparent })).toBeUndefined();
});

test('When a trace begins at the door by itself, then nobody has asked for it', async () => {
  followTraceShare(() => 1);
  expect(await asked(true, {})).toBeUndefined();
});
