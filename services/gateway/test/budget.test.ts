import { expect, test } from '@jest/globals';
import { createRetryBudget } from '../src/budget.ts';

const takeAll = (budget: ReturnType<typeof createRetryBudget>): number => {
  let taken = 0;
  while (budget.take()) taken++;
  return taken;
};

test('When nobody has asked yet, then there is the reserve and no more', () => {
  const budget = createRetryBudget();
  expect([budget.left(), takeAll(budget), budget.left()]).toEqual([10, 10, 0]);
});

test('When every request wants to be tried again, then a tenth of them is', () => {
  const budget = createRetryBudget();
  takeAll(budget);
  let retries = 0;
  for (let request = 0; request < 1_000; request++) {
    budget.earn();
    if (budget.take()) retries++;
  }
  expect(retries).toBe(100);
});

test('When all goes well for long, then no more is saved up than the most', () => {
  const budget = createRetryBudget();
  for (let request = 0; request < 100_000; request++) budget.earn();
  expect(takeAll(budget)).toBe(50);
});
