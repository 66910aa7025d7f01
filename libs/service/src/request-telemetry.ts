import {
  type Context,
  context,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { NextFunction, Request, Response } from 'express';
import { isTraced } from './sampling.ts';

const tracer = trace.getTracer('@doorbuster/service');
const duration = metrics.getMeter('@doorbuster/service').createHistogram('http.server.request.duration', {
  unit: 's',
  description: 'From the head of a request to the end of its answer',
  advice: {
    explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
});

/**
 * Measures every request, and gives a span to those that are traced, both after OpenTelemetry's semantic conventions
 * for HTTP servers. The instrumentations of Node's server and of Express would do so too, but they work for every
 * request, whether it is recorded or not: docs/adr/0010.
 */
export function observeRequest(req: Request, res: Response, next: NextFunction): void {
  const beganAt = performance.now();
  const span = isTraced(req.headers) ? begin(req) : undefined;
  res.on('close', () => {
    // Only what a route has taken has one; the path itself is anybody's and would be a label without end.
    const route = req.route?.path === undefined ? undefined : `${req.baseUrl}${req.route.path}`;
    const attributes = {
      'http.request.method': req.method,
      'http.response.status_code': res.statusCode,
      ...(route !== undefined && { 'http.route': route }),
    };
    duration.record((performance.now() - beganAt) / 1_000, attributes);
    if (span === undefined) return;
    span.own.setAttributes(attributes);
    if (route !== undefined) span.own.updateName(`${req.method} ${route}`);
    if (res.statusCode >= 500) span.own.setStatus({ code: SpanStatusCode.ERROR });
    span.own.end();
  });
  // On a connection that is kept alive a request would else go on in the trace of the one before it.
  context.with(span?.active ?? ROOT_CONTEXT, next);
}

/** Begins the span of a request, as the child of whatever came with it. */
function begin({ method, headers, path }: Request) {
  const parent: Context = propagation.extract(ROOT_CONTEXT, headers);
  const attributes = { 'http.request.method': method, 'url.path': path, 'url.scheme': 'http' };
  const own = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
  return { own, active: trace.setSpan(parent, own) };
}
