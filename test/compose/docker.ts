import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface DockerOptions {
  env?: NodeJS.ProcessEnv | undefined;
  signal?: AbortSignal | undefined;
  /** Called with what has been written so far, whenever there is more. */
  onOut?: ((out: string) => void) | undefined;
}

export interface Ran {
  code: number;
  out: string;
  errors: string;
}

/**
 * Runs `docker` with these words, in the checkout; resolves when it has ended, however it did. In a process group of
 * its own: Ctrl-C is for us, and what it means for the containers is ours to say.
 */
export async function tryDocker(
  words: readonly string[],
  { env = {}, signal, onOut }: DockerOptions = {},
): Promise<Ran> {
  signal?.throwIfAborted();
  const child = spawn('docker', words, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 1));
  });
  const stop = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', stop, { once: true });
  const written = { out: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    written.out += text;
    onOut?.(written.out);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    written.errors += text;
  });
  const code = await ended;
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  return { code, ...written };
}

const shownLines = 30;

/** The end of what was written, for whoever has to find out why. */
export const endOf = ({ out, errors }: Ran): string =>
  `${out}\n${errors}`.trim().split('\n').slice(-shownLines).join('\n');

/** Runs `docker` and gives what it wrote. @throws with the end of it when it failed */
export async function docker(words: readonly string[], options: DockerOptions = {}): Promise<string> {
  const ran = await tryDocker(words, options);
  if (ran.code !== 0) throw new Error(`docker ${words.join(' ')} ended with ${ran.code}:\n${endOf(ran)}`);
  return ran.out;
}
