import type { Stream } from '../client/messages.ts';
import { everybody } from '../mix.ts';

/** How an overload is made, and for how long. */
export interface OverloadPlan {
  /** What the shop is there for, in orders a second. */
  ratedPerS: number;
  warmUpMs: number;
  rampMs: number;
  /** Of the rated load, of an overload, and of the two that compare customers. */
  windowMs: number;
  /** Of the burst: nobody comes, then everybody at once. */
  calmMs: number;
  burstMs: number;
  /** Of the rated load that comes right after an overload. */
  recoveryMs: number;
}

/** Some five minutes. The rated load is what the demo's Black Friday comes to at its peak. */
export const fullOverload: OverloadPlan = {
  ratedPerS: 200,
  warmUpMs: 45_000,
  rampMs: 3_000,
  windowMs: 30_000,
  calmMs: 5_000,
  burstMs: 5_000,
  recoveryMs: 15_000,
};

/** A minute or two, for whoever changes something and wants to see what it did. */
export const quickOverload: OverloadPlan = {
  ...fullOverload,
  warmUpMs: 15_000,
  windowMs: 8_000,
  calmMs: 1_000,
  recoveryMs: 10_000,
};

/** How much more comes than the shop is there for. */
const timesRated = [5, 10] as const;
export const greedyTimesRated = 5;

/** All customers but the greedy one; together they offer half of the rated load. */
const others = { name: 'other', count: 100 };
const greedy = { name: 'greedy', count: 1 };

type Loads = Record<string, readonly Stream[]>;

/** The rated load, which everything else is compared with. */
export const ratedStreams = ({ ratedPerS: perS, rampMs, windowMs }: OverloadPlan): readonly Stream[] => [
  { name: 'ramp', fromMs: 0, toMs: rampMs, perS, customers: everybody },
  { name: 'rated', fromMs: rampMs, toMs: rampMs + windowMs, perS, customers: everybody },
];

/** What is too much, each with the rated load after it. */
export function overloads(plan: OverloadPlan): Loads {
  const { ratedPerS, windowMs, calmMs, burstMs, recoveryMs } = plan;
  const overload = (times: number, fromMs: number, forMs: number): readonly Stream[] => {
    const toMs = fromMs + forMs;
    return [
      { name: 'overload', fromMs, toMs, perS: times * ratedPerS, customers: everybody },
      { name: 'after', fromMs: toMs, toMs: toMs + recoveryMs, perS: ratedPerS, customers: everybody },
    ];
  };
  const [, most] = timesRated;
  return {
    ...Object.fromEntries(timesRated.map((times) => [`${times} × the rated`, overload(times, 0, windowMs)])),
    [`burst from 0 to ${most} ×`]: overload(most, calmMs, burstMs),
  };
}

/** The others without and with the greedy customer beside them. */
export function fairness({ ratedPerS, windowMs: toMs }: OverloadPlan): Record<'alone' | 'beside', Stream[]> {
  const theirs = { name: 'others', fromMs: 0, toMs, perS: ratedPerS / 2, customers: others };
  const perS = greedyTimesRated * ratedPerS;
  return { alone: [theirs], beside: [theirs, { name: 'greedy', fromMs: 0, toMs, perS, customers: greedy }] };
}
