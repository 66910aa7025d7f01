import { existsSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { withLock } from './lock.ts';
import type { ProgressItem } from './progress.ts';

/** A cold build of the slowest artefact on a slow machine; who waits longer than this waits for a fault. */
const BUILD_LIMIT_MS = 60 * 60_000;

/** Where everything fetched and built is kept, for all clones and runs of one user. */
export function cacheRoot(): string {
  const base = process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache');
  return path.join(base, 'doorbuster');
}

/**
 * Gives the artefact (file or folder) of this name, made by `make` if it is not there yet.
 *
 * `make` works on a draft, under a lock; only a whole draft, written through to the disk, gets the name. So
 * what exists under the name is complete and need not be verified again, whatever was killed when.
 */
export async function cached(
  name: string,
  item: ProgressItem,
  signal: AbortSignal | undefined,
  make: (draft: string) => Promise<void>,
): Promise<string> {
  const artefact = path.join(cacheRoot(), name);
  if (existsSync(artefact)) return artefact;
  const onWait = (owner: { pid: number }) => item.update(`waiting for process ${owner.pid}, which makes it`);
  await withLock(`${artefact}.lock`, { onWait, limitMs: BUILD_LIMIT_MS, signal }, async () => {
    if (existsSync(artefact)) return;
    await removeDrafts(artefact);
    const draft = `${artefact}.draft-${process.pid}`;
    await make(draft);
    await writeThrough(draft);
    await rename(draft, artefact);
  });
  return artefact;
}

/** Drafts that lie about were left by builders that were killed: we hold the lock, so nobody works on them. */
async function removeDrafts(artefact: string): Promise<void> {
  const folder = path.dirname(artefact);
  const left = (await readdir(folder)).filter((name) => name.startsWith(`${path.basename(artefact)}.draft-`));
  await Promise.all(left.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}

/** A rename may reach the disk before the content does; after a power cut that would be a half artefact. */
async function writeThrough(root: string): Promise<void> {
  const handle = await open(root, 'r');
  const isFolder = (await handle.stat()).isDirectory();
  await handle.sync();
  await handle.close();
  if (!isFolder) return;
  // One after the other: a thousand files opened at once are more than many a shell allows.
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await writeThrough(path.join(root, entry.name));
  }
}
