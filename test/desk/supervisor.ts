import { issueToken, readSigningKey } from '@doorbuster/operator';
import { Refusal } from '@doorbuster/stack';
import { z } from 'zod';

const Process = z.object({
  name: z.string(),
  state: z.string(),
  pid: z.int().nullable(),
  since: z.string(),
  cpuSeconds: z.number().nullable(),
  rssBytes: z.int().nullable(),
});
export type Process = z.infer<typeof Process>;
const Processes = z.object({ processes: z.array(Process) });
const Problem = z.object({ detail: z.string() });

/** The supervisor that runs the shop, and the desk with it. */
export interface SupervisorClient {
  list(): Promise<Process[]>;
  /** @throws Refusal 404 when there is no such process */
  act(name: string, action: 'kill' | 'pause' | 'resume'): Promise<void>;
  /** Resolves when the new instances are ready. @throws Refusal 404 when there is no such service */
  scale(service: string, instances: number): Promise<void>;
}

const listLimitMs = 3_000;
/** An instance has a minute to become ready, and a killed process ten seconds to be gone. */
const actLimitMs = 70_000;

/** Speaks to the supervisor as an operator who is called desk. */
export function connectSupervisor(url: string, signingKey: string): SupervisorClient {
  const key = readSigningKey(signingKey);

  async function call(path: string, limitMs: number, body?: object): Promise<unknown> {
    const token = await issueToken(key, { name: 'desk', minutes: 1 });
    const response = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(limitMs),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    throw new Refusal(response.status, Problem.parse(answer).detail);
  }
  return {
    list: async () => Processes.parse(await call('/processes', listLimitMs)).processes,
    act: async (name, action) => void (await call(`/processes/${encode(name)}/${action}`, actLimitMs, {})),
    scale: async (service, instances) =>
      void (await call(`/services/${encode(service)}/scale`, actLimitMs, { instances })),
  };
}

const encode = encodeURIComponent;
