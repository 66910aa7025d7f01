/** Why an instance is passed over: nobody listens there, it says nothing at all, or what it says is failure. */
export type EjectionCause = 'refused' | 'silent' | 'failing';

export interface Ejection {
  /** `in` gets work, `out` is passed over, `trial` gets one request, whose end decides. */
  state(): 'in' | 'out' | 'trial';
  cause(): EjectionCause | undefined;
  /** Passes over the instance; without effect on one that is out and whose time is not over. */
  eject(cause: EjectionCause): void;
  /** True when it has been out for as long as it had to, so that it may be asked whether it is ready. */
  isDue(): boolean;
  /** It says that it is ready. */
  ready(): void;
  /** It has shown that it is good again. */
  readmit(): void;
}

export interface EjectionOptions {
  onEjected(cause: EjectionCause, forMs: number): void;
  onReturned(cause: EjectionCause, awayMs: number): void;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

const firstMs = 1_000;
const longestMs = 30_000;
/** An instance that was good for so long has made up for what was before. */
const forgottenAfterMs = 60_000;

/**
 * The ejections of one instance. Each lasts twice as long as the last, from 1 s up to 30 s, so that an instance which
 * comes back only to fail again costs less and less. One that was silent or refused has disproved that by saying that
 * it is ready. One that failed may say so and fail on: its way back is a single request.
 */
export function createEjection({ onEjected, onReturned, now }: EjectionOptions): Ejection {
  let state: 'in' | 'out' | 'trial' = 'in';
  let cause: EjectionCause | undefined;
  let strikes = 0;
  let leftAt = 0;
  let dueAt = 0;
  let returnedAt = Number.NEGATIVE_INFINITY;

  const isDue = () => state === 'out' && now() >= dueAt;

  function readmit(): void {
    if (cause === undefined) return;
    const reason = cause;
    state = 'in';
    cause = undefined;
    returnedAt = now();
    onReturned(reason, returnedAt - leftAt);
  }

  return {
    state: () => state,
    cause: () => cause,
    eject(why) {
      if (state === 'out' && !isDue()) return;
      if (state === 'in') {
        leftAt = now();
        if (leftAt - returnedAt > forgottenAfterMs) strikes = 0;
      }
      const forMs = Math.min(longestMs, firstMs * 2 ** strikes);
      strikes++;
      state = 'out';
      cause = why;
      dueAt = now() + forMs;
      onEjected(why, forMs);
    },
    isDue,
    ready() {
      if (!isDue()) return;
      if (cause === 'failing') state = 'trial';
      else readmit();
    },
    readmit,
  };
}
