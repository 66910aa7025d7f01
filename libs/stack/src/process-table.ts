import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { HAS_PROC, procStat } from './process-identity.ts';

/** Every process of the machine and its parent's pid. */
export function parentOfEach(): Map<number, number> {
  return HAS_PROC ? fromProc() : fromPs();
}

/** The pids of all that the process has started, and of what those have started, and so on. */
export function descendantsOf(pid: number): number[] {
  const parents = [...parentOfEach()];
  const found = [pid];
  for (const ancestor of found) {
    for (const [child, parent] of parents) if (parent === ancestor) found.push(child);
  }
  return found.slice(1);
}

function fromProc(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = procStat(pid)?.[1];
    if (parent !== undefined) parents.set(Number(pid), Number(parent));
  }
  return parents;
}

function fromPs(): Map<number, number> {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' });
  const lines = (stdout ?? '').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [pid, parent] = line.trim().split(/\s+/);
      return [Number(pid), Number(parent)];
    }),
  );
}
