import { expect, test } from '@jest/globals';
import { RestartPolicy } from '../../libs/stack/src/restart-policy.ts';

test('Each failure in a row is given more time, and after eight no more', () => {
  const policy = new RestartPolicy();
  const delaysMs = Array.from({ length: 9 }, () => policy.afterFailure());
  expect(delaysMs).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000, undefined]);
});

test('When it had run well in between, then the count begins anew', () => {
  const policy = new RestartPolicy();
  policy.afterFailure();
  policy.hadRun(1000);
  expect(policy.afterFailure()).toBe(400);
  policy.hadRun(60_000);
  expect(policy.afterFailure()).toBe(200);
});
