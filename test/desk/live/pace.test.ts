import { expect, test } from '@jest/globals';
import { restMs } from './pace.ts';

test.each([
  ['cost little', 20, 3_000],
  ['cost more', 200, 6_000],
  ['took very long', 5_000, 15_000],
])('When a look %s, then the next one comes after a rest that is right for it', (_what, tookMs, rest) => {
  expect(restMs(tookMs, 3_000)).toBe(rest);
});
