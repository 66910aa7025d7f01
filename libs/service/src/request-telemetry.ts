import { meterOf } from '@doorbuster/telemetry';
import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Request, RequestHandler } from 'express';
import { bringsTrace, isTraced } from './sampling.ts';

const tracer = trace.getTracer('@doorbuster/service');
const duration = meterOf('@doorbuster/service').histogram('http.server.request.duration');

/**
 * Measures every request that comes this far, and gives a span to those that are traced, both after OpenTelemetry's
 * semantic conventions for HTTP servers. Who is turned away before Express is counted by whoever did so. The
 * instrumentations of Node's server and of Express would do so too, but they work for every request, whether it is
 * recorded or not: docs/adr/0010.
 *
 * A trace that somebody brings to the door was asked for, and the span says so: whoever keeps only some traces keeps it.
 */
export const observeRequests =
  ({ isDoor }: { isDoor: boolean }): RequestHandler =>
  (req, res, next) => {
    const beganAt = performance.now();
    const span = isTraced(req.headers) ? begin(req) : undefined;
    if (isDoor && bringsTrace(req.headers)) span?.own.setAttribute('doorbuster.trace.asked', true);
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
  };

/** Begins the span of a request, as the child of whatever came with it. */
function begin({ method, headers, path }: Request) {
  const parent: Context = propagation.extract(ROOT_CONTEXT, headers);
  const attributes = { 'http.request.method': method, 'url.path': path, 'url.scheme': 'http' };
  const own = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
  return { own, active: trace.setSpan(parent, own) };
}
