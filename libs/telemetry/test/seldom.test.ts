import { expect, test } from '@jest/globals';
import { seldom } from '../src/seldom.ts';

/** A question that takes so long, and a clock that only moves while it is asked and when the test says so. */
function question(tookMs: number) {
  let ms = 0;
  let asked = 0;
  const ask = seldom(
    async () => {
      ms += tookMs;
      return ++asked;
    },
    () => ms,
  );
  return {
    ask,
    wait(more: number) {
      ms += more;
    },
  };
}

test('When an answer took 10 ms, then it stands for a second', async () => {
  const { ask, wait } = question(10);
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  wait(999);
  expect(await ask()).toBe(1);
  wait(1);
  expect(await ask()).toBe(2);
});

test('When an answer took long, then it stands for no longer than 4 s', async () => {
  const { ask, wait } = question(2_000);
  await ask();
  wait(3_999);
  expect(await ask()).toBe(1);
  wait(1);
  expect(await ask()).toBe(2);
});

test('When there was no answer, then the next who asks may hear one', async () => {
  const answers = [Promise.reject(new Error('silent')), Promise.resolve('here')];
  const ask = seldom(async () => answers.shift());
  await expect(ask()).rejects.toThrow('silent');
  expect(await ask()).toBe('here');
});
