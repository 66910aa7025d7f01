import type { FaultBench } from './harness/bench.ts';

/** One way to break the shop, and what must hold all the same. */
export interface FaultCase {
  /** Its number in the table of docs/faults.md; `c` and a name for a crash point. */
  id: string;
  title: string;
  /** What is broken. */
  breaks: string;
  /** By what means. */
  how: string;
  /** What must hold: invariants by their id, and whatever else the case itself makes sure of, in words. */
  holds: string[];
  /** Which shop it needs; cases with the same one share it, one after the other. */
  bench?: BenchKind;
  /** Why it cannot run here, where it cannot. */
  cannot?(): Promise<string | undefined>;
  /**
   * Breaks it, mends it and looks.
   * @throws when something does not hold
   */
  run(context: FaultContext): Promise<{ evidence: string }>;
}

export interface FaultContext {
  bench: FaultBench;
  /** All that is drawn is drawn from it. */
  seed: number;
  signal: AbortSignal;
}

/** The shops that cases need: with two instances of each service, with tight limits, with three brokers, on a small disk, with one instance of each service. */
export type BenchKind = 'pairs' | 'tight' | 'brokers' | 'small disk' | 'failpoints';

/** What became of a case. */
export interface FaultResult extends Pick<FaultCase, 'id' | 'title' | 'breaks' | 'how' | 'holds'> {
  result: 'holds' | 'FAILS' | 'left out';
  /** The figures; why it failed, or why it was left out. */
  evidence: string;
  seconds: number;
  /** Where what a failure left behind is kept. */
  keptIn?: string | undefined;
}
