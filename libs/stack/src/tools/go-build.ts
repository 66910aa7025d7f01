import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheRoot } from '../cache.ts';
import { withLock } from '../lock.ts';
import { type ProgressItem, roughly } from '../progress.ts';
import { runCommand } from '../run-command.ts';
import { DOCKER_NEEDS_NONE, SetupError } from '../setup-error.ts';
import { findOnPath } from './on-path.ts';

const TURN_LIMIT_MS = 60 * 60_000;
/** Linking comes after the last package and prints nothing. */
const LINK_S = 10;
/** Without what only a debugger reads. */
export const LINK_FLAGS = '-s -w';
const BUILD_FLAGS = ['-mod=readonly', '-trimpath', `-ldflags=${LINK_FLAGS}`];

export interface GoBuild {
  goPackage: string;
  /** What only this program is built with; of two flags of one kind the later one counts. */
  flags: readonly string[];
  moduleFolder: string;
  draft: string;
  item: ProgressItem;
  signal: AbortSignal | undefined;
}

/** Refuses in one sentence where there is no Go, or one too old for the module. */
export async function requireGo(
  tool: { title: string },
  moduleFolder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const wanted = /^go (\S+)/m.exec(await readFile(path.join(moduleFolder, 'go.mod'), 'utf8'))?.[1] ?? '1.25';
  const go = findOnPath('go');
  const options = { cwd: moduleFolder, env: goEnvironment(), signal };
  const found = go ? (await runCommand(go, ['env', 'GOVERSION'], options).catch(() => '')).trim() : '';
  if (isAtLeast(found.replace(/^go/, ''), wanted)) return;
  const has = go ? `this machine has ${found || 'an older one'}` : 'this machine has none';
  const needs = `${tool.title} has to be built once with Go ${wanted} or newer, and ${has}`;
  throw new SetupError(`${needs}: install Go, ${DOCKER_NEEDS_NONE}.`);
}

/** Builds the program into `draft`. What an interrupted build has compiled, Go's build cache still has. */
export async function buildGoPackage(build: GoBuild): Promise<void> {
  const { item, signal } = build;
  const packages = await listPackages(build);
  // Two builds at once share the cores and compile what they have in common twice; one after the other is
  // sooner done, and the first is ready earlier. Listing, which fetches the sources, needs no turn.
  const turn = path.join(cacheRoot(), 'go-build.lock');
  const onWait = () => item.update('waiting for the other build');
  await withLock(turn, { onWait, limitMs: TURN_LIMIT_MS, signal }, () => compile(build, packages));
}

interface PackageCount {
  total: number;
  /** What the build cache does not have yet. */
  missing: number;
}

/** Fetches the sources and asks Go which packages the program is made of, and which must still be compiled. */
async function listPackages({
  goPackage,
  flags,
  moduleFolder,
  item,
  signal,
}: GoBuild): Promise<PackageCount> {
  let modules = 0;
  item.update('fetching the sources');
  const onErrorLine = (line: string) => {
    if (line.startsWith('go: downloading')) item.update(`fetching the sources, ${++modules} modules so far`);
  };
  const format = ['-deps', '-f', '{{if .Stale}}missing{{else}}there{{end}}'];
  const options = { cwd: moduleFolder, env: goEnvironment(), onErrorLine, signal };
  const args = ['list', ...BUILD_FLAGS, ...flags, ...format, goPackage];
  const states = (await runCommand('go', args, options)).trim().split('\n');
  return { total: states.length, missing: states.filter((state) => state === 'missing').length };
}

async function compile(build: GoBuild, { total, missing }: PackageCount): Promise<void> {
  const { goPackage, flags, moduleFolder, draft, item, signal } = build;
  const startedAt = performance.now();
  let compiled = 0;
  const tell = () => {
    const secondsSoFar = (performance.now() - startedAt) / 1000;
    const left =
      compiled < 20 ? '' : `, ${roughly((secondsSoFar / compiled) * (missing - compiled) + LINK_S)} left`;
    item.update(`built ${total - missing + compiled} of ${total} packages${left}`);
  };
  tell();
  // Go leaves its temporary files behind when it is killed; here the next build finds and removes them.
  const temporary = path.join(cacheRoot(), 'go-build-tmp');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary);
  const onErrorLine = () => {
    compiled = Math.min(compiled + 1, missing);
    tell();
  };
  const options = {
    cwd: moduleFolder,
    env: { ...goEnvironment(), GOTMPDIR: temporary },
    onErrorLine,
    signal,
  };
  await runCommand('go', ['build', '-v', ...BUILD_FLAGS, ...flags, '-o', draft, goPackage], options);
  await rm(temporary, { recursive: true, force: true });
}

/** The person's own settings (a proxy, say) stay; what decides the result, or where it is kept, is ours. */
function goEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CGO_ENABLED: '0',
    GOCACHE: path.join(cacheRoot(), 'go-build'),
    GOFLAGS: '-buildvcs=false',
    // Never fetch another Go: the sources are pinned, and so is the compiler, by whoever installed it.
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
  };
}

function isAtLeast(found: string, wanted: string): boolean {
  const [has, needs] = [found, wanted].map((version) =>
    version.split('.').map((part) => Number.parseInt(part, 10)),
  );
  if (!has || !needs) return false;
  const different = needs.findIndex((part, index) => part !== (has[index] ?? 0));
  return different === -1 || (has[different] ?? 0) > (needs[different] ?? 0);
}
