import { AcquirerKnobs } from '@doorbuster/contracts';
import type { SupervisorClient } from './supervisor.ts';

const limitMs = 2_000;
/** A process that is back so shortly was away at the last look. */
const backForMs = 5_000;

/** Whether something is broken on purpose, or was until just now: a process, or the acquirer's ways. */
export async function isDisturbed(supervisor: SupervisorClient, acquirer: string): Promise<boolean> {
  const [processes, knobs] = await Promise.all([supervisor.list(), readKnobs(acquirer)]);
  const isDown = processes.some(
    ({ state, since }) => state !== 'ready' || Date.now() - Date.parse(since) < backForMs,
  );
  return isDown || knobs === undefined || knobs.latencyMs + knobs.errorPercent + knobs.lostAnswerPercent > 0;
}

async function readKnobs(acquirer: string): Promise<AcquirerKnobs | undefined> {
  try {
    const response = await fetch(`${acquirer}/knobs`, { signal: AbortSignal.timeout(limitMs) });
    return AcquirerKnobs.parse(await response.json());
  } catch {
    return undefined;
  }
}
