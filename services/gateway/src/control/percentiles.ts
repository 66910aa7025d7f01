import type { HistogramPoint } from '@doorbuster/contracts';

export type Buckets = Pick<HistogramPoint, 'bounds' | 'buckets'>;

/** What came into a histogram between two looks at it; without a first one, all that is in it. */
export function difference(before: Buckets | undefined, after: Buckets): Buckets {
  return {
    bounds: after.bounds,
    buckets: after.buckets.map((count, n) => Math.max(0, count - (before?.buckets[n] ?? 0))),
  };
}

/** All of these together; they have the same bounds, which are the catalogue's. */
export function together(all: readonly Buckets[]): Buckets | undefined {
  const [first, ...rest] = all;
  if (first === undefined) return undefined;
  const buckets = rest.reduce(
    (sums, one) => sums.map((sum, n) => sum + (one.buckets[n] ?? 0)),
    first.buckets.slice(),
  );
  return { bounds: first.bounds, buckets };
}

/**
 * The value below which this share of what was measured lies, or undefined where nothing was. Within a bucket values are
 * taken to lie evenly, as Prometheus does; what is above all bounds is said to lie on the last.
 */
export function quantile({ bounds, buckets }: Buckets, share: number): number | undefined {
  const count = buckets.reduce((sum, one) => sum + one, 0);
  if (count === 0) return undefined;
  let left = share * count;
  for (const [n, inBucket] of buckets.entries()) {
    const upper = bounds[n];
    if (upper === undefined) break;
    const lower = bounds[n - 1] ?? 0;
    if (inBucket > 0 && left <= inBucket) return lower + (upper - lower) * (left / inBucket);
    left -= inBucket;
  }
  return bounds.at(-1);
}
