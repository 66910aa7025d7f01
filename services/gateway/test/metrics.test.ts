import '../../../test/support/metrics.ts';
import { afterEach, expect, test } from '@jest/globals';
import { metricValue } from '../../../test/support/metrics.ts';
import { closeAll, failing, healthy, openDoor, resetting, startInstance, statusesOf } from './door.ts';

afterEach(closeAll);

const common = { upstream: 'order', 'http.request.method': 'POST' };
const triesThatEndedWith = (labels: object) =>
  metricValue('http.client.request.duration', { ...common, ...labels });

test.each([
  ['answers', healthy, 200, { 'http.response.status_code': 200 }],
  ['answers that it failed', failing, 500, { 'http.response.status_code': 500 }],
  ['breaks off', resetting, 502, { 'error.type': 'broken' }],
])('When an instance %s, then the try is measured with that', async (_, behaviour, status, labels) => {
  const door = await openDoor([await startInstance('order-1', behaviour)]);
  const post = () => fetch(`${door.origin}/orders`, { method: 'POST', body: 'order' });
  expect(await statusesOf(2, post)).toEqual([status, status]);
  expect(await triesThatEndedWith(labels)).toBe(2);
});
