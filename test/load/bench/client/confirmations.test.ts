import { expect, test } from '@jest/globals';
import { createEndings } from './confirmations.ts';

test('When an event comes after its answer, then whoever waits hears of it', async () => {
  const endings = createEndings();
  const [one, two] = [endings.of('one'), endings.of('two')];
  endings.heard('two', false);
  endings.heard('one', true);
  expect(await Promise.all([one, two])).toEqual([true, false]);
});

test('When an event overtakes its answer, then it is remembered once', async () => {
  const endings = createEndings();
  endings.heard('one', true);
  expect(await endings.of('one')).toBe(true);
  const again = endings.of('one');
  endings.heard('one', false);
  expect(await again).toBe(false);
});
