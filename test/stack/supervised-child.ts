import { fileURLToPath } from 'node:url';
import { poll } from '../../libs/stack/src/poll.ts';
import type { ProcessSpec, ProcessState } from '../../libs/stack/src/process-spec.ts';
import { Supervisor } from '../../libs/stack/src/supervisor.ts';
import { newFolder } from './temporary-folder.ts';

const CHILD = fileURLToPath(new URL('./fixtures/child.ts', import.meta.url));

export async function newSupervisor(): Promise<Supervisor> {
  return new Supervisor(await newFolder());
}

/** A child that is quick to start and quick to stop, unless its environment says otherwise. */
export function childSpec(name: string, options: Partial<ProcessSpec> = {}): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: [CHILD],
    env: { PATH: process.env['PATH'] },
    ready: async (starting) => {
      await starting.logLine(/listening/);
    },
    readyLimitMs: 20_000,
    restart: false,
    stopGraceMs: 5000,
    tier: 0,
    ...options,
  };
}

export function statusOf(supervisor: Supervisor, name: string) {
  const status = supervisor.list().find((one) => one.name === name);
  if (!status) throw new Error(`there is no ${name}`);
  return status;
}

/** Waits until the process is in the state, and gives its status then. */
export function reached(supervisor: Supervisor, name: string, state: ProcessState, restarts = 0) {
  const look = () => {
    const status = statusOf(supervisor, name);
    return status.state === state && status.restarts >= restarts ? status : undefined;
  };
  return poll(look, { what: `${name} being ${state}`, limitMs: 20_000 });
}
