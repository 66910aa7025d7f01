import type { IncomingMessage } from 'node:http';
import type { PublicKeys } from '@doorbuster/operator';
import { z } from 'zod';
import { type OperatorServer, Refusal, readJson, requireMethod, serveOperator } from './operator-server.ts';
import { freePorts } from './ports.ts';
import { INSTANCES_MAX, type Supervisor, UnknownName } from './supervisor.ts';

const Scale = z.object({ instances: z.int().min(0).max(INSTANCES_MAX) });

/** Serves the supervisor over HTTP, on loopback only, to whoever holds an operator's token. */
export async function serveSupervisor(supervisor: Supervisor, keys: PublicKeys): Promise<OperatorServer> {
  const [port = 0] = await freePorts(1);
  return serveOperator({
    port,
    keys,
    answer: (request) =>
      answer(supervisor, request).catch((error: unknown) => {
        throw error instanceof UnknownName ? new Refusal(404, error.message) : error;
      }),
  });
}

async function answer(supervisor: Supervisor, request: IncomingMessage): Promise<unknown> {
  // Names hold nothing that has to be escaped, so the path is taken as it comes.
  const [collection, name, action, ...more] = (request.url ?? '/').split('/').slice(1);
  if (collection === 'processes' && name === undefined) {
    requireMethod(request, 'GET');
    return { processes: supervisor.list() };
  }
  if (name === undefined || action === undefined || more.length > 0) throw noSuchAddress();
  if (collection === 'processes') return actOnProcess(supervisor, request, name, action);
  if (collection === 'services' && action === 'scale') {
    requireMethod(request, 'POST');
    const wanted = Scale.safeParse(await readJson(request).catch(() => undefined));
    if (!wanted.success)
      throw new Refusal(400, `instances must be a whole number from 0 to ${INSTANCES_MAX}`);
    await supervisor.scale(name, wanted.data.instances);
    return { processes: supervisor.list().filter((one) => one.name.startsWith(`${name}-`)) };
  }
  throw noSuchAddress();
}

async function actOnProcess(supervisor: Supervisor, request: IncomingMessage, name: string, action: string) {
  const actions = new Map<string, () => Promise<void> | void>([
    ['start', () => supervisor.start(name)],
    ['stop', () => supervisor.stop(name)],
    ['kill', () => supervisor.kill(name)],
    ['pause', () => supervisor.pause(name)],
    ['resume', () => supervisor.resume(name)],
    ['restart', () => supervisor.restart(name)],
  ]);
  const act = actions.get(action);
  if (!act) throw noSuchAddress();
  requireMethod(request, 'POST');
  await act();
  return supervisor.list().find((one) => one.name === name);
}

function noSuchAddress(): Refusal {
  return new Refusal(404, 'there is nothing at this address');
}
