import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * A process, beyond doubt. A pid alone is not enough: the kernel hands the same number out again, and to
 * signal or to trust a stranger who got it would be a grave mistake. Pid and start time are never the same twice.
 */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

export const HAS_PROC = existsSync('/proc/self/stat');

/** The identity of a living process; undefined when there is none (a zombie counts as gone). */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = HAS_PROC ? startFromProc(pid) : startFromPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether exactly this process, and not a later one with its number, still lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

let self: ProcessIdentity | undefined;

/** The identity of the process that asks. */
export function ownIdentity(): ProcessIdentity {
  self ??= identify(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
  return self;
}

/** The fields of /proc/PID/stat from the third on; the second, the name, may hold blanks and brackets. */
export function procStat(pid: number | string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function startFromProc(pid: number): string | undefined {
  const fields = procStat(pid);
  const state = fields?.[0];
  return state === 'Z' || state === 'X' ? undefined : fields?.[19];
}

function startFromPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const match = /^(\S+)\s+(.+?)\s*$/.exec(stdout ?? '');
  return match?.[1]?.startsWith('Z') ? undefined : match?.[2]?.replaceAll(/[ :]/g, '_');
}
