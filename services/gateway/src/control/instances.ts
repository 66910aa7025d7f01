import type { ControlInstance, DeskView, InstanceState } from '@doorbuster/contracts';
import { toHundredths } from './book.ts';

/** What is known of one instance, from whoever knows it. */
export interface Seen {
  /** What the supervisor says of its process, where there is a supervisor. */
  process: DeskView['processes'][number]['state'] | undefined;
  /** What Consul says: undefined where it is not registered. */
  isPassing: boolean | undefined;
  /** Whether it answered when it was last asked how it does. */
  answers: boolean;
  /** Whether it has ever been healthy. */
  wasHealthy: boolean;
}

const byProcess: Record<string, InstanceState> = {
  starting: 'starting',
  restarting: 'starting',
  paused: 'paused',
  stopping: 'draining',
  stopped: 'gone',
  crashed: 'gone',
};

/** How an instance does. The supervisor knows first what it does to a process; Consul knows all the rest. */
export function stateOf({ process, isPassing, answers, wasHealthy }: Seen): InstanceState {
  const told = process === undefined ? undefined : byProcess[process];
  if (told !== undefined) return told;
  if (isPassing === undefined) {
    // It takes itself out of Consul a second before it stops to answer.
    if (!answers) return process === undefined ? 'gone' : 'starting';
    return wasHealthy ? 'draining' : 'starting';
  }
  if (isPassing && answers) return 'healthy';
  return wasHealthy ? 'failing' : 'starting';
}

/** What a process used of the processors between two looks, in percent of one; null where there was only one look. */
export function cpuPercent(
  before: { at: number; cpuSeconds: number | null } | undefined,
  after: { at: number; cpuSeconds: number | null } | undefined,
): number | null {
  if (before === undefined || after === undefined) return null;
  if (before.cpuSeconds === null || after.cpuSeconds === null || after.at <= before.at) return null;
  const spent = after.cpuSeconds - before.cpuSeconds;
  return spent < 0 ? null : toHundredths((spent / ((after.at - before.at) / 1_000)) * 100);
}

/** In the order of their numbers: order-2 comes before order-10. */
export const byId = (
  { id: a }: Pick<ControlInstance, 'id'>,
  { id: b }: Pick<ControlInstance, 'id'>,
): number => a.localeCompare(b, 'en', { numeric: true });
