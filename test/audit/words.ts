const pounds = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' });
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** Pence as people write them: £1,204.17. */
export const money = (cents: number): string => pounds.format(cents / 100);

/** A count as people write it: 1,204. */
export const count = (n: number): string => whole.format(n);

/** "1 order", "1,204 orders". */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

/** The sum of what `of` says about each. */
export function sum<T>(items: Iterable<T>, of: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += of(item);
  return total;
}
