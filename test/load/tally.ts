import type { Answer } from './client.ts';

/** What the generator has seen so far. */
export interface Tally {
  readonly counts: Readonly<Counts>;
  /** From the scheduled time to the answer, of every accepted order. */
  readonly acceptMs: readonly number[];
  /** When orders were accepted, in milliseconds since 1970. */
  readonly acceptedAtMs: readonly number[];
  offered(): void;
  notSent(): void;
  answered(answer: Answer, latencyMs: number): void;
  replayed(isRight: boolean): void;
}

export interface Counts {
  offered: number;
  accepted: number;
  shed: number;
  rejected: number;
  unknown: number;
  /** The client had too many unanswered orders to send this one. */
  notSent: number;
  replays: number;
  wrongReplays: number;
}

export function createTally(): Tally {
  const counts: Counts = {
    offered: 0,
    accepted: 0,
    shed: 0,
    rejected: 0,
    unknown: 0,
    notSent: 0,
    replays: 0,
    wrongReplays: 0,
  };
  const acceptMs: number[] = [];
  const acceptedAtMs: number[] = [];
  return {
    counts,
    acceptMs,
    acceptedAtMs,
    offered: () => void counts.offered++,
    notSent: () => void counts.notSent++,
    answered({ outcome }, latencyMs) {
      counts[outcome === 'ok' ? 'accepted' : outcome]++;
      if (outcome !== 'ok') return;
      acceptMs.push(latencyMs);
      acceptedAtMs.push(Date.now());
    },
    replayed(isRight) {
      counts.replays++;
      if (!isRight) counts.wrongReplays++;
    },
  };
}
