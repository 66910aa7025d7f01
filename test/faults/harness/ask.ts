import { DeadLetterPage, DoorView } from '@doorbuster/contracts';
import { z } from 'zod';
import { reading } from '../../audit/database.ts';
import type { FaultBench } from './bench.ts';

const within = () => AbortSignal.timeout(5_000);

/** Whether an instance says that it is ready. */
export async function isReady({ shop }: FaultBench, name: string): Promise<boolean> {
  const port = shop.info.processes.find((one) => one.name === name)?.port;
  const url = `http://127.0.0.1:${port}/health/ready`;
  const response = await fetch(url, { signal: within() }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.status === 200;
}

/** What an operator asks at the door. */
export async function askDoor({ shop }: FaultBench, path: string, body?: object): Promise<unknown> {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${shop.info.operatorToken}`,
  };
  const how = body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${shop.info.gateway}${path}`, { ...how, signal: within() });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** What the door has seen of a service. */
export async function seenByDoor(bench: FaultBench, service: string) {
  const { services } = DoorView.parse(await askDoor(bench, '/admin/instances'));
  const seen = services.find((one) => one.service === service);
  if (seen === undefined) throw new Error(`The door does not know ${service}`);
  return seen;
}

/** The reasons of the dead letters that a service has, each with how many there are. */
export async function letterReasons(bench: FaultBench, service: string): Promise<Map<string, number>> {
  const page = await askDoor(bench, `/admin/${service}/dead-letters?limit=500`);
  const { items } = DeadLetterPage.parse(page);
  const byReason = Map.groupBy(items, ({ reason }) => reason);
  return new Map([...byReason].map(([reason, letters]) => [reason, letters.length]));
}

/** The one number that a query gives. */
export async function count(url: string, text: string, values: unknown[] = []): Promise<number> {
  return reading(url, async (database) => {
    const { rows } = await database.query<{ count: number }>(text, values);
    return rows[0]?.count ?? 0;
  });
}

const Instances = z.array(z.object({ Service: z.object({ ID: z.string() }) }));

/** The instances that Consul knows of a service: those that pass their checks, or all. */
export async function inConsul({ shop }: FaultBench, service: string, which: '?passing' | '' = '?passing') {
  const response = await fetch(`${shop.info.consul}/v1/health/service/${service}${which}`, {
    signal: within(),
  });
  return Instances.parse(await response.json())
    .map(({ Service }) => Service.ID)
    .sort();
}

/** How often processes were started again, in all. */
export const restarts = ({ shop }: FaultBench): number =>
  shop.supervisor.list().reduce((total, one) => total + one.restarts, 0);

/** Waits for something that must come soon. @throws when it does not */
export async function soon<T>(promise: Promise<T>, what: string, limitMs = 20_000): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} did not come to pass`)), limitMs);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
