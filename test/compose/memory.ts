import { setTimeout as pause } from 'node:timers/promises';
import type { Project } from './project.ts';

const lookEveryMs = 2_000;

/** Watches the memory of all containers; `stop` gives the most that each had at any look. */
export function watchMemory(project: Project) {
  const most = new Map<string, number>();
  const stopping = new AbortController();
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      // A container that ends at this very moment makes the look fail; the next one tells.
      const now = await project.memoryMiB().catch(() => new Map<string, number>());
      for (const [name, mib] of now) most.set(name, Math.max(most.get(name) ?? 0, mib));
      await pause(lookEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop(): Promise<Map<string, number>> {
      stopping.abort();
      await watching;
      return most;
    },
  };
}
