import { type ChildProcess, spawn } from 'node:child_process';
import { identify, type ProcessIdentity } from './process-identity.ts';
import { watchdog } from './watchdog.ts';
import type { EndSignal } from './watchdog-protocol.ts';

export interface GuardedCommand {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string | undefined;
  /** Another user to run as; only root may ask for one. */
  user?: { uid: number; gid: number } | undefined;
  /** How the watchdog asks it to end when we have died, and how long it waits before it insists. */
  orphanSignal?: EndSignal | undefined;
  graceMs?: number | undefined;
  /** Where its output goes: a pipe to us, or an open file. */
  output: 'pipe' | number;
}

export interface GuardedProcess {
  child: ChildProcess;
  identity: ProcessIdentity;
}

/**
 * The shell waits for a line before it becomes the program. So the program starts only when the watchdog
 * knows of it, and if the launcher dies in between, the pipe closes and the shell ends instead.
 */
const GATE = 'read -r go && exec "$@" </dev/null';

/** Starts a process that cannot outlive this one, in a process group of its own. */
export async function spawnGuarded(command: GuardedCommand): Promise<GuardedProcess> {
  const { args, env, cwd, user, output, orphanSignal = 'SIGTERM', graceMs = 2000 } = command;
  const child = spawn('/bin/sh', ['-c', GATE, 'sh', command.command, ...args], {
    env,
    detached: true,
    stdio: ['pipe', output, output],
    ...(cwd === undefined ? {} : { cwd }),
    ...user,
  });
  await new Promise((spawned, failed) => {
    child.once('spawn', spawned);
    child.once('error', failed);
  });
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (!identity) throw new Error(`${command.command} ended before it began`);
  child.once('exit', () => watchdog.forget(identity.pid));
  await watchdog.watch(identity, orphanSignal, graceMs);
  child.stdin?.on('error', () => {});
  child.stdin?.end('go\n');
  return { child, identity };
}
