import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isAlive, ownIdentity } from './process-identity.ts';

const KEPT = 5;
const OWNER_FILE = 'owner.json';
const Owner = z.object({ pid: z.number(), startedAt: z.string() });

let made = 0;

/** A new folder for one run's data and logs, .runs/TIME-PID; of the old ones only the newest are kept. */
export async function makeRunFolder(repoFolder: string): Promise<string> {
  const runs = path.join(repoFolder, '.runs');
  await mkdir(runs, { recursive: true });
  await removeOld(runs);
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const again = made++ === 0 ? '' : `-${made}`;
  const folder = path.join(runs, `${time}-${process.pid}${again}`);
  await mkdir(folder);
  await writeFile(path.join(folder, OWNER_FILE), JSON.stringify(ownIdentity()));
  return folder;
}

/** Names begin with the time, so their order is the order in which they were made. */
async function removeOld(runs: string): Promise<void> {
  const newestFirst = (await readdir(runs))
    .filter((name) => /^\d{8}T\d{6}Z-/.test(name))
    .sort()
    .reverse();
  for (const name of newestFirst.slice(KEPT - 1)) {
    const folder = path.join(runs, name);
    if (!(await isOwned(folder))) await rm(folder, { recursive: true, force: true });
  }
}

async function isOwned(folder: string): Promise<boolean> {
  const text = await readFile(path.join(folder, OWNER_FILE), 'utf8').catch(() => '');
  // A folder without an owner yet may be another launcher's that is just being made; next time it is seen.
  if (text === '') return false;
  return isAlive(Owner.parse(JSON.parse(text)));
}
