import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from '@jest/globals';
import { failpointChannel, reached } from '../src/failpoint.ts';

test('When somebody in the process listens, then each passing is told before the next statement runs', () => {
  const told: unknown[] = [];
  const listen = (failpoint: unknown) => void told.push(failpoint);
  subscribe(failpointChannel, listen);
  reached('before-load');
  expect(told).toEqual(['before-load']);
  unsubscribe(failpointChannel, listen);
  reached('after-load');
  expect(told).toEqual(['before-load']);
});
