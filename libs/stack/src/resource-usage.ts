import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { HAS_PROC, procStat } from './process-identity.ts';
import { parentOfEach } from './process-table.ts';

export interface ResourceUsage {
  cpuSeconds: number;
  rssBytes: number;
}

interface Sample {
  cpuSeconds: number;
  ownBytes: number;
  sharedBytes: number;
}

/** The kernel's clock ticks in /proc/PID/stat; 100 a second on every Linux that Node runs on. */
const TICKS_PER_S = 100;

/**
 * What each of these processes has used, with all that it has started: a database is not one process, and its
 * backends do the work.
 */
export function usageOf(leaders: readonly number[]): Map<number, ResourceUsage> {
  const parents = parentOfEach();
  const sampleOf = HAS_PROC ? sampleFromProc : samplerFromPs();
  const usage = new Map<number, ResourceUsage & { sharedBytes: number }>();
  for (const pid of parents.keys()) {
    const leader = leaderOf(pid, parents, leaders);
    const sample = leader === undefined ? undefined : sampleOf(pid);
    if (leader === undefined || !sample) continue;
    const sum = usage.get(leader) ?? { cpuSeconds: 0, rssBytes: 0, sharedBytes: 0 };
    // What a tree's processes share is there once, however many of them have touched it.
    const sharedBytes = Math.max(sum.sharedBytes, sample.sharedBytes);
    usage.set(leader, {
      cpuSeconds: sum.cpuSeconds + sample.cpuSeconds,
      rssBytes: sum.rssBytes - sum.sharedBytes + sample.ownBytes + sharedBytes,
      sharedBytes,
    });
  }
  return usage;
}

function leaderOf(pid: number, parents: Map<number, number>, leaders: readonly number[]): number | undefined {
  for (let one: number | undefined = pid; one !== undefined; one = parents.get(one)) {
    if (leaders.includes(one)) return one;
  }
  return undefined;
}

function sampleFromProc(pid: number): Sample | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const bytes = (key: string) =>
      1024 * Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    // Its own time and that of its children which have ended, in user and in system mode.
    const ticks = procStat(pid)?.slice(11, 15) ?? [];
    return {
      cpuSeconds: ticks.reduce((sum, one) => sum + Number(one), 0) / TICKS_PER_S,
      ownBytes: bytes('RssAnon'),
      sharedBytes: bytes('RssFile') + bytes('RssShmem'),
    };
  } catch {
    return undefined;
  }
}

function samplerFromPs(): (pid: number) => Sample | undefined {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,rss=,time='], { encoding: 'utf8' });
  const samples = new Map<number, Sample>();
  for (const line of (stdout ?? '').trim().split('\n')) {
    const [pid, rssKb, time = ''] = line.trim().split(/\s+/);
    const cpuSeconds = time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    samples.set(Number(pid), { cpuSeconds, ownBytes: Number(rssKb) * 1024, sharedBytes: 0 });
  }
  return (pid) => samples.get(pid);
}
