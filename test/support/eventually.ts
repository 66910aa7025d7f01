import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 20;

/**
 * Asks again and again until the condition gives something other than undefined or false.
 * @throws when it has not within the limit; the limit is a stop for a hanging test, never a measure
 */
export async function eventually<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 60_000,
): Promise<T> {
  const until = performance.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > until) throw new Error(`Within ${limitMs} ms it did not come to: ${what}`);
    await delay(pollMs);
  }
}
