import type { Supervisor } from '@doorbuster/stack';

/** What each process used since the watching began. */
export interface Usage {
  cpuSeconds: Map<string, number>;
  /** The most memory at any look. */
  rssBytesMax: Map<string, number>;
}

const lookEveryMs = 5_000;

/** Watches the processes' processor time and memory. The generator is not among them: it is the customers. */
export function watchUsage(supervisor: Supervisor) {
  const last = new Map<string, number>();
  const usage: Usage = { cpuSeconds: new Map(), rssBytesMax: new Map() };
  const look = (isFirst: boolean) => {
    for (const { name, cpuSeconds, rssBytes } of supervisor.list()) {
      if (cpuSeconds === null || rssBytes === null) continue;
      const before = last.get(name) ?? 0;
      // A process that was started again counts from nothing.
      const used = cpuSeconds >= before ? cpuSeconds - before : cpuSeconds;
      last.set(name, cpuSeconds);
      if (!isFirst) usage.cpuSeconds.set(name, (usage.cpuSeconds.get(name) ?? 0) + used);
      usage.rssBytesMax.set(name, Math.max(usage.rssBytesMax.get(name) ?? 0, rssBytes));
    }
  };
  look(true);
  const timer = setInterval(() => look(false), lookEveryMs);
  return {
    /** Looks for the last time. */
    stop(): Usage {
      clearInterval(timer);
      look(false);
      return usage;
    },
  };
}
