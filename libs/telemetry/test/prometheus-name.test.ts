import { expect, test } from '@jest/globals';
import { metricCatalogue } from '../src/catalogue.ts';
import { prometheusLabel, prometheusNames } from '../src/prometheus-name.ts';

test.each([
  ['doorbuster.orders.accepted', 'counter', '{order}', ['doorbuster_orders_accepted_total']],
  ['doorbuster.door.requests', 'observable counter', '{request}', ['doorbuster_door_requests_total']],
  ['doorbuster.outbox.age', 'gauge', 's', ['doorbuster_outbox_age_seconds']],
  ['doorbuster.door.retries_left', 'gauge', '{request}', ['doorbuster_door_retries_left']],
  ['doorbuster.streams', 'up-down counter', '{stream}', ['doorbuster_streams']],
  ['nodejs.eventloop.utilization', 'gauge', '1', ['nodejs_eventloop_utilization_ratio']],
  ['v8js.memory.heap.used', 'up-down counter', 'By', ['v8js_memory_heap_used_bytes']],
  [
    'doorbuster.saga.duration',
    'histogram',
    's',
    [
      'doorbuster_saga_duration_seconds_bucket',
      'doorbuster_saga_duration_seconds_sum',
      'doorbuster_saga_duration_seconds_count',
    ],
  ],
] as const)(
  'When %s, a %s in %s, comes to Prometheus, then it is called so',
  (name, kind, unit, expected) => {
    expect(prometheusNames(name, { kind, unit })).toEqual(expected);
  },
);

test('When the whole catalogue comes to Prometheus, then no two metrics have a series in common', () => {
  const names = Object.entries(metricCatalogue).flatMap(([name, metric]) => prometheusNames(name, metric));
  expect(new Set(names).size).toBe(names.length);
});

test('When an attribute becomes a label, then its dots are underscores', () => {
  expect(prometheusLabel('http.response.status_code')).toBe('http_response_status_code');
});
