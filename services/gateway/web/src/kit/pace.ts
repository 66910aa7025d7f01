/** Of the time until it is painted a frame works for a part only, so this makes a few hundredths of a processor. */
const restFactor = 30;
/** Who looks at a page on a machine that has much else to do sees it move all the same, ms. */
const restMaxMs = 1_900;

export interface Pace {
  /** Shows what is to be shown at once. */
  now(): void;
  /** The same, unless the last time was so dear and so shortly ago that it can wait for the next one. */
  soon(): void;
  end(): void;
}

/**
 * Shows something again and again, and rests the longer the longer it takes until it is painted: a machine with much else
 * to do has better things to draw. In a tab in the background nothing is shown until somebody looks.
 */
export function createPace(show: () => void): Pace {
  let restsUntil = 0;

  function now(): void {
    if (document.hidden) return;
    const beganAt = performance.now();
    show();
    // What is asked for a frame runs before it is painted, and what comes next after that.
    requestAnimationFrame(() =>
      setTimeout(() => {
        const paintedAt = performance.now();
        restsUntil = paintedAt + Math.min(restMaxMs, restFactor * (paintedAt - beganAt));
      }),
    );
  }

  document.addEventListener('visibilitychange', now);
  return {
    now,
    soon() {
      if (performance.now() >= restsUntil) now();
    },
    end: () => document.removeEventListener('visibilitychange', now),
  };
}
