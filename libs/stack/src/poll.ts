import { setTimeout as pause } from 'node:timers/promises';

export interface PollOptions {
  /** What is being waited for, as it should read in "... did not come within 60 s". */
  what: string;
  limitMs: number;
  everyMs?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Asks `check` again and again until it gives something other than undefined. Waiting is always for a real
 * condition and always has a limit; a pause between two questions is all the sleeping there is.
 */
export async function poll<T>(check: () => Promise<T | undefined> | T | undefined, options: PollOptions) {
  const { what, limitMs, everyMs = 25, signal } = options;
  const giveUpAt = performance.now() + limitMs;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await check();
    if (answer !== undefined) return answer;
    if (performance.now() > giveUpAt) throw new Error(`${what} did not come within ${limitMs / 1000} s`);
    await pause(everyMs, undefined, signal ? { signal } : {});
  }
}

/** A promise that fails when the signal is aborted, to be raced against work that knows of no signal. */
export function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
