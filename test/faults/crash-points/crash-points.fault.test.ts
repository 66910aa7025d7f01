import { silentProgress } from '@doorbuster/stack';
import { expect, test } from '@jest/globals';
import { runCases } from '../harness/run-cases.ts';
import { chosenCrashPoints } from './crash-points.ts';

// Breaks: a service by SIGKILL exactly at a border of its pipeline, while orders come in, one service after the other.
// Must hold: I1 to I8. `npm run faults` does this at every border of every service.

test('When services die at borders of their pipelines, then every order ends and every book agrees', async () => {
  const results = await runCases(chosenCrashPoints, chosenCrashPoints, {
    seed: 1,
    progress: silentProgress,
    signal: new AbortController().signal,
    onResult: ({ title, evidence, seconds }) => console.log(`${title}: ${evidence} (${seconds} s)`),
  });
  expect(results.filter(({ result }) => result !== 'holds')).toEqual([]);
  expect(results).toHaveLength(chosenCrashPoints.length);
}, 300_000);
