/** A look works on one processor at a time for about a third of its time, so this makes a hundredth of one. */
const restFactor = 30;
/** Whoever watches a shop that is very busy hears of it all the same. */
const restMaxMs = 15_000;

/** How long to rest after a look that took so long, at least as long as said, ms: it takes longer where there is much to do. */
export const restMs = (tookMs: number, leastMs: number): number =>
  Math.min(restMaxMs, Math.max(leastMs, restFactor * tookMs));
