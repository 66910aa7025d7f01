import type { Times } from './measure/measure.ts';

/** An open load: a rate, or a share of what the side could do at its best a minute before. */
export type OpenLoad = { name: string; perS: number } | { name: string; ofSaturation: number };

/** What is measured, and for how long. */
export interface Plan {
  alternations: number;
  warmUpMs: number;
  times: Times;
  /** Closed loops: how many orders are kept open. */
  openOrders: readonly number[];
  /** At which of them the shop's bar is read; the monolith's is read at its best. */
  barAt: number;
  openLoads: readonly OpenLoad[];
}

const loads = {
  openOrders: [64, 256, 1_000],
  barAt: 1_000,
  openLoads: [
    { name: '50/s', perS: 50 },
    { name: '150/s', perS: 150 },
    { name: 'half of saturation', ofSaturation: 0.5 },
    { name: 'twice saturation', ofSaturation: 2 },
  ],
} as const;

/**
 * About half an hour. It takes most of a minute of full load until the compilers of six Node processes and of a JVM have
 * done their work: in its first ten seconds an order costs the shop three times what it costs in the end.
 */
export const fullPlan: Plan = {
  ...loads,
  alternations: 3,
  warmUpMs: 45_000,
  times: { rampMs: 3_000, windowMs: 15_000 },
};

/** A few minutes, for whoever changes something and wants to see what it did. */
export const quickPlan: Plan = {
  ...loads,
  alternations: 1,
  warmUpMs: 15_000,
  times: { rampMs: 1_500, windowMs: 5_000 },
};
