import { z } from 'zod';
import { eventually } from './eventually.ts';
import { shop } from './servers.ts';

const Process = z.object({ name: z.string(), state: z.string(), pid: z.int().nullable() });
export type Process = z.infer<typeof Process>;

/** Asks the supervisor of the shop that the tests share. @throws when it refuses */
export async function supervise(path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${shop().supervisor}/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${shop().operatorToken}` },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

/** A process of the shop that is up. */
export const processOf = (name: string): Promise<Process> =>
  eventually(`${name} is up`, async () => {
    const { processes } = z.object({ processes: z.array(Process) }).parse(await supervise('processes'));
    return processes.find((one) => one.name === name && one.state === 'ready');
  });
