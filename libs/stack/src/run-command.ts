import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { type GuardedCommand, spawnGuarded } from './guarded-spawn.ts';
import { signalLeader, signalTree } from './process-signal.ts';

export interface RunOptions extends Partial<Pick<GuardedCommand, 'env' | 'cwd' | 'user'>> {
  /** Each line of standard error as it comes. */
  onErrorLine?: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** How much of a failed command's last words go into the error. */
const LAST_LINES = 12;

/** Runs a command to its end and gives its standard output; it cannot outlive this process. */
export async function runCommand(command: string, args: readonly string[], options: RunOptions = {}) {
  const { onErrorLine, signal, env = process.env, ...rest } = options;
  signal?.throwIfAborted();
  const { child, identity } = await spawnGuarded({
    command,
    args,
    env,
    output: 'pipe',
    orphanSignal: 'SIGINT',
    ...rest,
  });
  const stop = () => signalLeader(identity, 'SIGINT');
  signal?.addEventListener('abort', stop);
  const lastLines: string[] = [];
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > LAST_LINES) lastLines.shift();
      onErrorLine?.(line);
    });
  }
  try {
    const ended = new Promise<number | string>((resolve) => {
      child.once('close', (code, cause) => resolve(code ?? cause ?? 'no code'));
    });
    const [output, code] = await Promise.all([child.stdout ? text(child.stdout) : '', ended]);
    signal?.throwIfAborted();
    if (code !== 0) throw new Error(`${command} ended with ${code}:\n${lastLines.join('\n')}`);
    return output;
  } finally {
    signal?.removeEventListener('abort', stop);
    signalTree(identity, 'SIGKILL');
  }
}
