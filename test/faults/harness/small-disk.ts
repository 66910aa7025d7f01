import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientsFileOf } from '../../audit/sources.ts';
import { type BenchOptions, type FaultBench, openBench } from './bench.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const sizeMb = 700;

const mount = (...args: string[]): boolean => spawnSync('mount', args).status === 0;

/** Why there can be no small disk here; undefined where there can. */
export async function whyNoSmallDisk(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'a file system in memory is made with mount, as on Linux';
  const folder = await mkdtemp(path.join(tmpdir(), 'doorbuster-disk-'));
  const works = mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder);
  if (works) spawnSync('umount', [folder]);
  await rm(folder, { recursive: true });
  return works ? undefined : 'mounting a small file system needs root';
}

/** Where the folder of data lies that can be filled. */
export const diskOf = (bench: FaultBench): string => path.dirname(bench.shop.info.runDir);

/** A shop whose databases, topics and logs lie on a file system of 700 MB. */
export async function openSmallDiskBench(
  options: Pick<BenchOptions, 'progress' | 'signal'>,
): Promise<FaultBench> {
  const folder = await mkdtemp(path.join(tmpdir(), 'doorbuster-disk-'));
  // A checkout like this one but for its runs.
  for (const name of await readdir(repository)) {
    if (name !== '.runs') await symlink(path.join(repository, name), path.join(folder, name));
  }
  const runs = path.join(folder, '.runs');
  await mkdir(runs);
  // PostgreSQL does not run as root, and has to get in.
  await chmod(folder, 0o755);
  if (!mount('-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=0755`, 'tmpfs', runs))
    throw new Error('The small disk cannot be mounted');
  const cleanUp = async () => {
    spawnSync('umount', [runs]);
    for (const name of await readdir(folder)) if (name !== '.runs') await unlink(path.join(folder, name));
    await rm(folder, { recursive: true });
  };
  try {
    const bench = await openBench({ kind: 'small disk', ...options, repoFolder: folder });
    // What clients were told is evidence, and not on that disk.
    await symlink(path.join(folder, 'clients.jsonl'), clientsFileOf(bench.shop.info.runDir));
    return {
      ...bench,
      async stop() {
        await bench.stop();
        await cleanUp();
      },
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}
