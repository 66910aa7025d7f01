import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { identify, isAlive } from './process-identity.ts';
import { parentOfEach } from './process-table.ts';
import { SetupError } from './setup-error.ts';

const EXIT_COULD_NOT_RUN = 2;
/** One Ctrl-C can come twice: from the terminal, and passed on by npm, which got it too. */
const ONE_CTRL_C_MS = 1000;
const NPM_LOOK_EVERY_MS = 500;

/**
 * Calls `end` once, when something asks this program to end: Ctrl-C, a signal, a closed terminal, or the
 * death of the npm that runs it (whoever kills npm means the shop). Asked again, the program exits at once,
 * and the watchdog ends what it had started.
 */
export function onTermination(end: (reason: string) => Promise<void>): void {
  let askedAt: number | undefined;
  const ask = (reason: string) => {
    if (askedAt === undefined) {
      askedAt = performance.now();
      void end(reason);
    } else if (performance.now() - askedAt > ONE_CTRL_C_MS) {
      process.exit(EXIT_COULD_NOT_RUN);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ask(signal));
  // A closed terminal also breaks the streams; what is written to it then is lost, not an error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  if (process.env['npm_lifecycle_event']) void npmsDeath().then(() => ask('the end of npm'));
}

async function npmsDeath(): Promise<void> {
  // npm runs a script itself or through a shell, which would outlive it.
  const above = [process.ppid, parentOfEach().get(process.ppid) ?? 0];
  const npm = identify(above.find((pid) => commandLine(pid).startsWith('npm')) ?? process.ppid);
  while (npm && isAlive(npm)) await pause(NPM_LOOK_EVERY_MS, undefined, { ref: false });
}

function commandLine(pid: number): string {
  return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
}

/** Runs a command line's work and exits: what keeps it from being done is one sentence and exit code 2. */
export async function runProgram(work: () => Promise<void>): Promise<never> {
  try {
    await work();
    return process.exit();
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    return process.exit(EXIT_COULD_NOT_RUN);
  }
}
