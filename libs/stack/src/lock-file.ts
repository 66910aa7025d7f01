import { mkdirSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

export interface Lock {
  release(): void;
}

/**
 * Takes a lock that processes of this machine share, or gives undefined if a living process has it.
 *
 * A lock is a symbolic link whose target is its owner, "pid:start time": one system call makes it, name and
 * content at once, so no lock without an owner can ever be seen. A dead owner's lock is stale and taken over.
 */
export function tryLock(file: string): Lock | undefined {
  mkdirSync(path.dirname(file), { recursive: true });
  if (!create(file) && !(removeStale(file) && create(file))) return undefined;
  return { release: () => unlinkSync(file) };
}

/** Who has the lock, as it is written in it. */
export function ownerOf(file: string): ProcessIdentity | undefined {
  try {
    const [pid, startedAt] = readlinkSync(file).split(':');
    return pid && startedAt ? { pid: Number(pid), startedAt } : undefined;
  } catch {
    return undefined;
  }
}

function create(file: string): boolean {
  const { pid, startedAt } = ownIdentity();
  try {
    symlinkSync(`${pid}:${startedAt}`, file);
    return true;
  } catch (error) {
    if (typeof error === 'object' && error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes the lock if its owner is dead; false if a living process has it.
 *
 * Two who find the same stale lock must not both remove it: the slower one would remove the quicker one's
 * fresh lock. So whoever removes holds the lock's own take-over lock and looks again.
 */
export function removeStale(file: string): boolean {
  if (isHeld(file)) return false;
  const takeOver = tryLock(`${file}.takeover`);
  if (!takeOver) return false;
  try {
    // Asked once: a lock that was free at the first question may be somebody's own at the second.
    const owner = ownerOf(file);
    if (owner && isAlive(owner)) return false;
    if (owner) unlinkSync(file);
    return true;
  } finally {
    takeOver.release();
  }
}

function isHeld(file: string): boolean {
  const owner = ownerOf(file);
  return owner !== undefined && isAlive(owner);
}
