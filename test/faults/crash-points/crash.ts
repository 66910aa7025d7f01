import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { eventually } from '../../support/eventually.ts';
import type { FaultBench } from '../harness/bench.ts';
import type { CrashPoint } from './matrix.ts';
import { type CrashOrder, deathFileOf, orderFileOf } from './order.ts';

/** Which instance dies, and where. */
export interface Crash extends CrashPoint, CrashOrder {
  instance: string;
}

const reachedLimitMs = 30_000;

/** Lets a process die at its failpoint, and waits until it was started again and is ready. */
export async function crash(
  { shop: { supervisor }, folder }: Pick<FaultBench, 'shop' | 'folder'>,
  { instance, failpoint, passings }: Crash,
): Promise<void> {
  const status = () => supervisor.list().find(({ name }) => name === instance);
  const pid = status()?.pid ?? undefined;
  if (pid === undefined) throw new Error(`${instance} does not run`);
  const deathFile = deathFileOf(folder, instance);
  await rm(deathFile, { force: true });
  await writeFile(orderFileOf(folder, instance), JSON.stringify({ failpoint, passings }));
  process.kill(pid, 'SIGUSR2');
  await eventually(`${instance} dies at ${failpoint}`, () => existsSync(deathFile), reachedLimitMs);
  await eventually(`${instance} is back`, async () => {
    const now = status();
    // Whoever dies as often as in this matrix is given up by its supervisor in the end, as it should be.
    if (now?.state === 'crashed') await supervisor.start(instance);
    return now?.state === 'ready' && now.pid !== pid;
  });
}
