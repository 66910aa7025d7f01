/** What is told of many durations, in milliseconds. */
export interface Latencies {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** The smallest value that so many per cent of the sorted values do not exceed; 0 of none. */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

/** Exact percentiles, from all values and not from a sketch: a run has thousands, not billions. */
export function latenciesOf(valuesMs: Iterable<number>): Latencies {
  const sorted = Float64Array.from(valuesMs).sort();
  const at = (percent: number) => Math.round(percentile(sorted, percent) * 10) / 10;
  return { p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}

/** The most that happened within one second, of moments in milliseconds. */
export function peakPerSecond(momentsMs: Iterable<number>): number {
  const seconds = new Map<number, number>();
  for (const moment of momentsMs) {
    const second = Math.floor(moment / 1_000);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
  }
  return Math.max(0, ...seconds.values());
}
