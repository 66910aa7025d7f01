import { setTimeout as pause } from 'node:timers/promises';

/** One thing that goes wrong at a moment, and is mended again. */
export interface Fault {
  what: string;
  /** Counted from the beginning of the load. */
  atMs: number;
  do(): unknown;
  /** How long it stays; without `undo` it mends itself. */
  forMs?: number;
  undo?(): unknown;
}

/** Plays the faults, each at its moment; resolves when the last is mended. @throws the first failure, when all are over */
export async function play(schedule: readonly Fault[], signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  const playing = schedule.map(async (fault) => {
    await pause(Math.max(0, startedAt + fault.atMs - performance.now()), undefined, { signal });
    await named(fault.what, fault.do);
    if (fault.forMs === undefined) return;
    await pause(fault.forMs, undefined, { signal });
    await named(`the end of ${fault.what}`, fault.undo);
  });
  const played = await Promise.allSettled(playing);
  const failed = played.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

async function named(what: string, act: (() => unknown) | undefined): Promise<void> {
  try {
    await act?.();
  } catch (cause) {
    throw new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
