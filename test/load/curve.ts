import type { Random } from './random.ts';

/** A Black Friday: how many orders a second come, and for how long. */
export interface Curve {
  seconds: number;
  basePerS: number;
  peakPerS: number;
}

// When what happens, as shares of the whole.
const DOORS_OPEN = 0.2;
const RUSH_IS_ON = 0.28;
const RUSH_EBBS = 0.55;
/** How fast the rush ebbs: after this share it has fallen to a third. */
const EBB = 0.13;

/** The moment at which everybody comes at once. */
export const doorsOpenAtS = ({ seconds }: Curve): number => seconds * DOORS_OPEN;

/** How many orders a second come at this moment: calm, a steep rise as the doors open, a plateau, a slow decay. */
export function rateAt({ seconds, basePerS, peakPerS }: Curve, atS: number): number {
  const x = atS / seconds;
  if (x < 0 || x > 1) return 0;
  return basePerS + (peakPerS - basePerS) * rush(x);
}

/** How much of the rush is there, 0 to 1. */
function rush(x: number): number {
  if (x < DOORS_OPEN) return 0;
  if (x < RUSH_IS_ON) return Math.sin(((x - DOORS_OPEN) / (RUSH_IS_ON - DOORS_OPEN)) * (Math.PI / 2));
  if (x < RUSH_EBBS) return 1;
  return Math.exp(-(x - RUSH_EBBS) / EBB);
}

/** How many orders are to be expected in all. */
export function expectedOrders(curve: Curve): number {
  const steps = 10_000;
  const stepS = curve.seconds / steps;
  let total = 0;
  for (let n = 0; n < steps; n++) total += rateAt(curve, (n + 0.5) * stepS) * stepS;
  return total;
}

/**
 * When orders come, in milliseconds from the beginning. People do not agree on when to click, so arrivals are a Poisson
 * process: candidates come at the highest rate, and each stays with the probability of the moment's rate.
 */
export function* arrivals(curve: Curve, random: Random): Generator<number> {
  const highest = Math.max(curve.basePerS, curve.peakPerS);
  let atS = 0;
  for (;;) {
    atS += -Math.log(1 - random()) / highest;
    if (atS > curve.seconds) return;
    if (random() * highest < rateAt(curve, atS)) yield atS * 1_000;
  }
}
