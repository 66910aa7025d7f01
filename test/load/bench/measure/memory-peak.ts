import { setTimeout as pause } from 'node:timers/promises';
import type { Supervisor } from '@doorbuster/stack';
import { sum } from '../../../audit/words.ts';
import { usedSoFar } from './spent.ts';

const lookEveryMs = 500;

/** Does some work, and tells besides how many MiB all processes of a side took at the worst moment of it. */
export async function withMemoryPeak<T>(
  supervisor: Supervisor,
  work: () => Promise<T>,
): Promise<{ result: T; peakMiB: number }> {
  const over = new AbortController();
  let peakBytes = 0;
  const look = () => {
    peakBytes = Math.max(
      peakBytes,
      sum(usedSoFar(supervisor).rssBytes.values(), (bytes) => bytes),
    );
  };
  const watching = (async () => {
    while (!over.signal.aborted) {
      look();
      await pause(lookEveryMs, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  const result = await work().finally(async () => {
    over.abort();
    await watching;
  });
  return { result, peakMiB: Math.round(peakBytes / 2 ** 20) };
}
