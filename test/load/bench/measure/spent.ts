import { cpus } from 'node:os';
import type { Supervisor } from '@doorbuster/stack';

/** What the processes of one side have used so far, and all of the machine. */
export interface Used {
  cpuSeconds: ReadonlyMap<string, number>;
  rssBytes: ReadonlyMap<string, number>;
  /** Of all processors together, whoever used them. */
  machineBusySeconds: number;
}

export function usedSoFar(supervisor: Supervisor): Used {
  const running = supervisor.list().filter(({ cpuSeconds }) => cpuSeconds !== null);
  return {
    cpuSeconds: new Map(running.map(({ name, cpuSeconds }) => [name, cpuSeconds ?? 0])),
    rssBytes: new Map(running.map(({ name, rssBytes }) => [name, rssBytes ?? 0])),
    machineBusySeconds: busySeconds(),
  };
}

const busySeconds = (): number =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1_000;

/** What was used from one look to the next. */
export interface Spent {
  cpuSeconds: Record<string, number>;
  /** At the second look. */
  memoryMiB: Record<string, number>;
  machineBusySeconds: number;
}

/** @throws when a process was started anew meanwhile: then the figures are of no use */
export function spentBetween(before: Used, after: Used): Spent {
  const cpuSeconds = [...after.cpuSeconds].map(([name, seconds]): [string, number] => {
    const used = seconds - (before.cpuSeconds.get(name) ?? Number.NaN);
    if (!(used >= 0)) throw new Error(`${name} was started anew while it was measured`);
    return [name, used];
  });
  const memoryMiB = [...after.rssBytes].map(([name, bytes]): [string, number] => [name, bytes / 2 ** 20]);
  return {
    cpuSeconds: Object.fromEntries(cpuSeconds),
    memoryMiB: Object.fromEntries(memoryMiB),
    machineBusySeconds: after.machineBusySeconds - before.machineBusySeconds,
  };
}
