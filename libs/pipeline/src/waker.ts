export interface Waker {
  /** Ends the wait that is under way, or the next one if there is none: no wake-up is ever lost. */
  wake(): void;
  /** Resolves at the next wake-up, or after `limitMs` as a fallback. */
  wait(limitMs: number): Promise<void>;
}

export interface Loop {
  /** Ends it after the round that is under way. */
  close(): Promise<void>;
}

/** Does a round again and again: at once where it says that there is more to do, otherwise after `everyMs`. */
export function startLoop(
  round: () => Promise<'more' | 'done'>,
  everyMs: number,
  onError: (error: unknown) => void,
): Loop {
  const waker = createWaker();
  let stopping = false;

  async function run(): Promise<void> {
    while (!stopping) {
      const left = await round().catch((error) => {
        if (!stopping) onError(error);
        return 'done';
      });
      if (left === 'done' && !stopping) await waker.wait(everyMs);
    }
  }

  const running = run();
  return {
    async close() {
      stopping = true;
      waker.wake();
      await running;
    },
  };
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
