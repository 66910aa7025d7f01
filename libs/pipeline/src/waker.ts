export interface Waker {
  /** Ends the wait that is under way, or the next one if there is none: no wake-up is ever lost. */
  wake(): void;
  /** Resolves at the next wake-up, or after `limitMs` as a fallback. */
  wait(limitMs: number): Promise<void>;
}

/** Lets a loop sleep until it has work. */
export function createWaker(): Waker {
  let woken = false;
  let end: (() => void) | undefined;
  return {
    wake() {
      woken = true;
      end?.();
    },
    async wait(limitMs) {
      if (!woken) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, limitMs);
        end = resolve;
        await promise;
        clearTimeout(timer);
        end = undefined;
      }
      woken = false;
    },
  };
}
