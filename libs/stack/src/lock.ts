import { ownerOf, tryLock } from './lock-file.ts';
import { poll } from './poll.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { watchdog } from './watchdog.ts';

export interface LockOptions {
  /** Called once if the lock is taken, with the process that has it. */
  onWait?: (owner: ProcessIdentity) => void;
  limitMs: number;
  /** How long between two tries. */
  everyMs?: number;
  signal?: AbortSignal | undefined;
}

/** Runs `work` while holding the lock, waiting for it if need be. */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  let told = false;
  const take = () => {
    const lock = tryLock(file);
    const owner = lock ? undefined : ownerOf(file);
    if (owner && !told) {
      told = true;
      options.onWait?.(owner);
    }
    return lock;
  };
  const lock = await poll(take, { everyMs: 100, ...options, what: `the lock ${file}` });
  watchdog.releaseAtEnd(file);
  try {
    return await work();
  } finally {
    lock.release();
    watchdog.leaveAlone(file);
  }
}
