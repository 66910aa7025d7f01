import type { UpstreamView } from '@doorbuster/contracts';
import { meterOf } from '@doorbuster/telemetry';
import type { BatchObservableResult } from '@opentelemetry/api';
import type { Attempt } from './attempt.ts';

const meter = meterOf('@doorbuster/gateway');
/** Orders that were turned away at the door, by the reason that they were told. */
export const shedOrders = meter.counter('doorbuster.door.shed');
const ejections = meter.counter('doorbuster.door.ejections');
const requests = meter.observableCounter('doorbuster.door.requests');
const retries = meter.observableCounter('doorbuster.door.retries');
const retriesLeft = meter.gauge('doorbuster.door.retries_left');
const ejected = meter.gauge('doorbuster.door.ejected');
const duration = meter.histogram('http.client.request.duration');

/** Counts what becomes of the requests for one service. What is counted anyway is read when an exporter asks. */
export function observeDoor(service: string, view: () => UpstreamView) {
  const attributes = { upstream: service };
  const observe = (result: BatchObservableResult) => {
    const seen = view();
    result.observe(requests, seen.requests, attributes);
    result.observe(retries, seen.retries, attributes);
    result.observe(retriesLeft, seen.retriesLeft, attributes);
    result.observe(ejected, seen.instances.filter(({ state }) => state !== 'in').length, attributes);
  };
  return {
    ejection: (cause: string) => ejections.add(1, { ...attributes, cause }),
    tried(method: string, { answer, outcome }: Attempt, ms: number) {
      duration.record(ms / 1_000, {
        ...attributes,
        'http.request.method': method,
        ...(answer === undefined
          ? { 'error.type': outcome }
          : { 'http.response.status_code': answer.statusCode }),
      });
    },
    close: meter.observe(observe, [requests, retries, retriesLeft, ejected]),
  };
}
