/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0];
  return Number(((low + high) / 2).toFixed(3));
}

export const rangeOf = (values: readonly number[]): [number, number] => [
  Math.min(...values),
  Math.max(...values),
];

/** The median of every number that the runs have, wherever it stands in them; what is no number is the first run's. */
export function medians<T extends object>(runs: readonly T[]): T {
  const [first] = runs;
  if (first === undefined) throw new Error('There is no median of no runs');
  const names = new Set(runs.flatMap(Object.keys));
  const entries = [...names].map((name) => {
    const values: unknown[] = runs.flatMap((run) => {
      const value = Reflect.get(run, name);
      return value === undefined ? [] : [value];
    });
    return [name, middleOf(values)];
  });
  return Object.fromEntries(entries) as T;
}

function middleOf(values: unknown[]): unknown {
  if (values.every((value) => typeof value === 'number')) return median(values);
  if (values.every((value) => typeof value === 'object' && value !== null)) return medians(values);
  return values[0];
}
