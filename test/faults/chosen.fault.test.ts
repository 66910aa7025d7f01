import { silentProgress } from '@doorbuster/stack';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FaultResult } from './case.ts';
import { runCases } from './harness/run-cases.ts';
import { faults } from './table.ts';

// Breaks: a part of what `npm run faults` breaks, so that every class of faults is touched in a few minutes: processes,
// consumer groups, the broker's answers, databases, commits, clocks, duplicates, poison, the acquirer and stopping. Must
// hold: what each case says.

const chosen = ['1', '4', '6', '10', '12', '14', '15', '17', '30', '35'];
const seed = 1;

const ending = new AbortController();
let results: FaultResult[] = [];
beforeAll(async () => {
  const cases = faults.filter(({ id }) => chosen.includes(id));
  const options = { seed, progress: silentProgress, signal: ending.signal };
  results = await runCases(cases, faults, {
    ...options,
    onResult: ({ id, result, evidence }) => console.log(`${id} ${result}: ${evidence}`),
  });
}, 900_000);
afterAll(() => ending.abort());

const titleOf = (id: string) => faults.find((one) => one.id === id)?.title;

test.each(chosen.map((id) => [id, titleOf(id)]))('When %s: %s, then everything holds', (id) => {
  const found = results.find((one) => one.id === id);
  expect([found?.result, found?.result === 'holds' ? '' : found?.evidence]).toEqual(['holds', '']);
});
