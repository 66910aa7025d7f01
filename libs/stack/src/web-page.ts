import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withLock } from './lock.ts';
import { runCommand } from './run-command.ts';
import { REPO_FOLDER } from './service-specs.ts';
import { SetupError } from './setup-error.ts';
import type { SetupContext } from './tools/context.ts';

/** A build takes a second or two; who waits longer than this waits for a fault. */
const BUILD_LIMIT_MS = 5 * 60_000;
const STAMP = '.stamp';

/** Builds the page that the gateway serves into `dist`, unless the one that is there is of the same sources. */
export async function buildWeb({ progress, signal }: SetupContext, repoFolder = REPO_FOLDER): Promise<void> {
  const folder = path.join(repoFolder, 'services/gateway/web');
  const dist = path.join(folder, 'dist');
  const stamp = await stampOf(folder, path.join(repoFolder, 'package-lock.json'));
  const isThere = async () => (await readFile(path.join(dist, STAMP), 'utf8').catch(() => '')) === stamp;
  if (await isThere()) return;
  const item = progress.item('Page');
  item.update('building');
  const onWait = ({ pid }: { pid: number }) => item.update(`waiting for process ${pid}, which builds it`);
  await withLock(`${dist}.lock`, { onWait, limitMs: BUILD_LIMIT_MS, signal }, async () => {
    if (!(await isThere())) await build(folder, dist, stamp, repoFolder, signal);
  }).finally(() => item.done());
}

/** What the page is made of, as one number: its sources, and the versions of what builds it. */
async function stampOf(folder: string, lockFile: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(lockFile));
  const entries = await readdir(path.join(folder, 'src'), { recursive: true, withFileTypes: true });
  const sources = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  const others = ['index.html', 'vite.config.ts'].map((name) => path.join(folder, name));
  for (const file of [...others, ...sources.toSorted()]) {
    hash.update(path.relative(folder, file)).update(await readFile(file));
  }
  return hash.digest('hex');
}

/** Only a whole page gets the name, so that whoever is served meanwhile gets the old one or the new one. */
async function build(
  folder: string,
  dist: string,
  stamp: string,
  repoFolder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const vite = path.join(repoFolder, 'node_modules/vite/bin/vite.js');
  if (!existsSync(vite))
    throw new SetupError(
      'The page cannot be built without Vite: run `npm ci`, with the packages for development.',
    );
  const [draft, old] = [`${dist}-draft`, `${dist}-old`];
  const outDir = ['--outDir', draft, '--emptyOutDir', '--logLevel', 'warn'];
  await runCommand(process.execPath, [vite, 'build', folder, ...outDir], { signal }).catch((cause) => {
    signal?.throwIfAborted();
    throw new SetupError('The page does not build: `npx vite build services/gateway/web` says why.', {
      cause,
    });
  });
  await writeFile(path.join(draft, STAMP), stamp);
  await rm(old, { recursive: true, force: true });
  if (existsSync(dist)) await rename(dist, old);
  await rename(draft, dist);
  await rm(old, { recursive: true, force: true });
}
