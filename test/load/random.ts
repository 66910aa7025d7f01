/** A number from 0 up to, and not including, 1. */
export type Random = () => number;

/**
 * Mulberry32 by Tommy Ettinger: small, fast, and the same numbers for the same seed on every machine, so that a run can
 * be repeated. Source: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
export function mulberry32(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `min` to `max`, both included. */
export const wholeBetween = (random: Random, min: number, max: number): number =>
  min + Math.floor(random() * (max - min + 1));

/** So many random hexadecimal digits. */
export const hex = (random: Random, digits: number): string =>
  Array.from({ length: digits }, () => wholeBetween(random, 0, 15).toString(16)).join('');
