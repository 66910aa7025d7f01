export interface Pulse {
  /** The instance answered something. */
  heard(): void;
  /** Called at a steady pace: how the instance sounds, given whether somebody waits for an answer of it. */
  tick(isAwaited: boolean): 'alive' | 'quiet' | 'silent';
}

const silentTicksMax = 4;

/**
 * Tells an instance that hangs from one that is slow: it hangs when *nothing* came of it for several ticks in a row
 * while somebody waited. A service under load answers late, but it answers somebody in every tick. Ticks are counted
 * rather than milliseconds, because a caller that was held up itself has missed the answers along with the time.
 */
export function createPulse(): Pulse {
  let isHeard = false;
  let silentTicks = 0;
  return {
    heard() {
      isHeard = true;
    },
    tick(isAwaited) {
      const wasHeard = isHeard;
      isHeard = false;
      silentTicks = wasHeard || !isAwaited ? 0 : silentTicks + 1;
      if (silentTicks >= silentTicksMax) return 'silent';
      return wasHeard ? 'alive' : 'quiet';
    },
  };
}
