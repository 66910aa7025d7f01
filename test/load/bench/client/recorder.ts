import type { Answer } from '../../client.ts';
import { latenciesOf } from '../../percentiles.ts';
import type { Seen } from './messages.ts';

/** What happened to one order; times are milliseconds of a clock that never goes back. */
export interface Shot {
  scheduledAtMs: number;
  /** What the client was told, or `notSent` where it was too busy to ask. */
  outcome: Answer['outcome'] | 'notSent';
  /** When it was confirmed; undefined when it was not. */
  confirmedAtMs?: number | undefined;
}

interface Window {
  fromMs: number;
  toMs: number;
}

/** Collects what happened, and tells of a window of it. */
export function createRecorder() {
  const shots: Shot[] = [];
  return {
    add: (shot: Shot): void => void shots.push(shot),
    /** What was scheduled in the window, and the confirmations that came in it. */
    of({ fromMs, toMs }: Window): Omit<Seen, 'clientCpuSeconds' | 'lost'> {
      const isIn = (atMs: number) => atMs >= fromMs && atMs < toMs;
      const scheduled = shots.filter(({ scheduledAtMs }) => isIn(scheduledAtMs));
      const count = (outcome: Shot['outcome']) => scheduled.filter((shot) => shot.outcome === outcome).length;
      return {
        windowMs: toMs - fromMs,
        offered: scheduled.length,
        shed: count('shed'),
        rejected: count('rejected'),
        unknown: count('unknown'),
        notSent: count('notSent'),
        confirmed: shots.filter(({ confirmedAtMs }) => confirmedAtMs !== undefined && isIn(confirmedAtMs))
          .length,
        latencyMs: latenciesOf(
          scheduled.flatMap(({ scheduledAtMs, confirmedAtMs }) =>
            confirmedAtMs === undefined ? [] : [confirmedAtMs - scheduledAtMs],
          ),
        ),
      };
    },
  };
}
