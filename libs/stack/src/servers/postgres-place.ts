import { chmod, cp, lchown, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Postgres } from '../tools/postgres.ts';
import { canReach, type User, unprivilegedUser } from '../unprivileged-user.ts';
import { watchdog } from '../watchdog.ts';

export interface PostgresPlace {
  programs: string;
  data: string;
  user: User | undefined;
  cleanUp(): Promise<void>;
}

/**
 * Lays out a data folder in the run folder. For root there is more to it: the server then runs as another
 * user, who cannot get into a closed home; what lies in one goes to a temporary folder.
 */
export async function findPostgresPlace(postgres: Postgres, runFolder: string): Promise<PostgresPlace> {
  const user = unprivilegedUser();
  const closed = (folder: string) => user !== undefined && !canReach(user, folder);
  const needsOutside = closed(runFolder) || closed(postgres.programs);
  const outside = needsOutside ? await makeOutsideFolder() : undefined;
  const programs = outside && closed(postgres.programs) ? path.join(outside, 'programs') : postgres.programs;
  if (programs !== postgres.programs) {
    await cp(postgres.programs, programs, { recursive: true, verbatimSymlinks: true });
  }
  const data = path.join(outside && closed(runFolder) ? outside : runFolder, 'postgres');
  await cp(postgres.template, data, { recursive: true });
  if (user) await giveTo(user, data);
  await chmod(data, 0o700);
  const cleanUp = async () => {
    if (!outside) return;
    await rm(outside, { recursive: true, force: true });
    watchdog.leaveAlone(outside);
  };
  return { programs, data, user, cleanUp };
}

async function makeOutsideFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'doorbuster-postgres-'));
  await watchdog.removeAtEnd(folder);
  await chmod(folder, 0o711);
  return folder;
}

async function giveTo({ uid, gid }: User, entry: string): Promise<void> {
  await lchown(entry, uid, gid);
  if (!(await stat(entry)).isDirectory()) return;
  const names = await readdir(entry);
  await Promise.all(names.map((name) => giveTo({ uid, gid }, path.join(entry, name))));
}
