import { metrics } from '@opentelemetry/api';
import type { NextFunction, Request, Response } from 'express';

const duration = metrics.getMeter('@doorbuster/service').createHistogram('http.server.request.duration', {
  unit: 's',
  description: 'From the head of a request to the end of its answer',
  advice: {
    explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
});

/** Measures every request, traced or not, after the semantic conventions of OpenTelemetry for HTTP servers. */
export function measureRequests(req: Request, res: Response, next: NextFunction): void {
  const beganAt = performance.now();
  res.on('close', () => {
    // Only what a route has taken has one; the path itself is anybody's and would be a label without end.
    const route = req.route?.path === undefined ? undefined : `${req.baseUrl}${req.route.path}`;
    duration.record((performance.now() - beganAt) / 1_000, {
      'http.request.method': req.method,
      'http.response.status_code': res.statusCode,
      ...(route !== undefined && { 'http.route': route }),
    });
  });
  next();
}
