import type { UpstreamView } from '@doorbuster/contracts';
import { type BatchObservableResult, metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('@doorbuster/gateway');
/** Orders that were turned away at the door, by the reason that they were told. */
export const shedOrders = meter.createCounter('doorbuster.door.shed', {
  unit: '{request}',
  description: 'Orders that were turned away before anything was done about them',
});
const ejections = meter.createCounter('doorbuster.door.ejections', {
  unit: '{ejection}',
  description: 'Times that an instance was passed over',
});
const requests = meter.createObservableCounter('doorbuster.door.requests', {
  unit: '{request}',
  description: 'Requests of clients that were handed on; retries are not among them',
});
const retries = meter.createObservableCounter('doorbuster.door.retries', {
  unit: '{request}',
  description: 'Requests that were sent once more, to another instance',
});
const retriesLeft = meter.createObservableGauge('doorbuster.door.retries_left', {
  unit: '{request}',
  description: 'Retries that could be made now',
});
const ejected = meter.createObservableGauge('doorbuster.door.ejected', {
  unit: '{instance}',
  description: 'Instances that are passed over now',
});
const all = [requests, retries, retriesLeft, ejected];

/** Counts what becomes of the requests for one service. What is counted anyway is read when an exporter asks. */
export function observeDoor(service: string, view: () => UpstreamView) {
  const attributes = { 'service.name': service };
  const observe = (result: BatchObservableResult) => {
    const seen = view();
    result.observe(requests, seen.requests, attributes);
    result.observe(retries, seen.retries, attributes);
    result.observe(retriesLeft, seen.retriesLeft, attributes);
    result.observe(ejected, seen.instances.filter(({ state }) => state !== 'in').length, attributes);
  };
  meter.addBatchObservableCallback(observe, all);
  return {
    ejection: (cause: string) => ejections.add(1, { ...attributes, cause }),
    close: () => meter.removeBatchObservableCallback(observe, all),
  };
}
