/**
 * The watchdog: a process of its own that lives as long as the pipe from its launcher is open. When the pipe
 * closes, for whatever reason (a clean end, a closed terminal, `kill -9`), it ends every process the launcher
 * had started and removes what must not stay behind. It does nothing else, so that nothing else can break it.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { removeStale } from './lock-file.ts';
import { poll } from './poll.ts';
import { isAlive } from './process-identity.ts';
import { signalLeader, signalTree } from './process-signal.ts';
import type { WatchdogOrder, WatchOrder } from './watchdog-protocol.ts';

const [pid = '', startedAt = ''] = process.argv.slice(2);
const launcher = { pid: Number(pid), startedAt };
const watched = new Map<number, WatchOrder>();
/** What is left to do when all have ended, by the path it is about. */
const cleanUps = new Map<string, () => void>();

// Signals meant for the launcher (Ctrl-C, a closed terminal, a logout) must not end its watchdog first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) obey(JSON.parse(line));
await endAll([...watched.values()]);
// The kernel closes a dying process's pipes a moment before the process is gone.
const launcherGone = () => (isAlive(launcher) ? undefined : true);
await poll(launcherGone, { what: 'the end of the launcher', limitMs: 5000 }).catch(() => {});
for (const cleanUp of cleanUps.values()) cleanUp();

function obey(order: WatchdogOrder): void {
  if (order.order === 'watch') watched.set(order.process.pid, order);
  if (order.order === 'forget') watched.delete(order.pid);
  if (order.order === 'leave alone') cleanUps.delete(order.path);
  if (order.order === 'remove at the end') {
    cleanUps.set(order.path, () => rmSync(order.path, { recursive: true, force: true }));
  }
  // Who waited for the lock may have taken it from the dead launcher already; then it is not stale.
  if (order.order === 'release at the end') cleanUps.set(order.path, () => removeStale(order.path));
}

/** Ends all side by side: a signal that asks, the grace each process was given, then one that does not ask. */
async function endAll(orders: readonly WatchOrder[]): Promise<void> {
  await Promise.all(
    orders.map(async ({ process: leader, signal, graceMs }) => {
      signalLeader(leader, signal);
      // A paused process would sleep through the signal that asks it to stop.
      signalTree(leader, 'SIGCONT');
      const gone = () => (isAlive(leader) ? undefined : true);
      await poll(gone, { what: 'the end of a process', limitMs: graceMs }).catch(() => {});
      signalTree(leader, 'SIGKILL');
    }),
  );
}
