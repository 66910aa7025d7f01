/**
 * Finds few of the items with which it still fails: leaves out ever smaller pieces, and keeps what it can do without. It
 * stops after so many trials, with the best that it has.
 * Source: Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002 (ddmin).
 */
export async function shrink<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
  trialsMax: number,
): Promise<readonly T[]> {
  let left = items;
  let pieces = 2;
  let trials = 0;
  while (left.length > 1) {
    const size = Math.ceil(left.length / pieces);
    let isSmaller = false;
    for (let from = 0; from < left.length; from += size) {
      const rest = left.toSpliced(from, size);
      if (trials++ >= trialsMax) return left;
      if (await fails(rest)) {
        left = rest;
        pieces = Math.max(2, pieces - 1);
        isSmaller = true;
        break;
      }
    }
    if (isSmaller) continue;
    if (pieces >= left.length) break;
    pieces = Math.min(left.length, pieces * 2);
  }
  return left;
}
