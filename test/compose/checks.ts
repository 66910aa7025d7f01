import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { awaitTrace, servicesOf, tracedServices } from '../load/jaeger.ts';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { docker, endOf } from './docker.ts';
import type { Project } from './project.ts';
import { type Height, startSpike, verdictOf } from './spike.ts';

const healthyLimitMs = 120_000;

/** What `docker compose` and BuildKit themselves find wrong with the files. */
export async function filesAreSound(project: Project): Promise<string> {
  await project.compose(['--profile', '*', 'config', '--quiet']);
  await docker(['build', '--check', '.']);
  return 'docker compose config and docker build --check find nothing wrong';
}

/** Starts all of it; it has to be healthy the first time. What is not says why. */
export async function comesUp(project: Project): Promise<string> {
  const up = await project.tryCompose(['up', '-d', '--wait']);
  const containers = await project.containers();
  const ill = containers.filter(({ health, restarts }) => health !== 'healthy' || restarts > 0);
  const services = ill.map(({ service }) => service);
  if (up.code !== 0 || ill.length > 0) {
    const logs = await project.tryCompose(['logs', '--no-color', '--tail', '20', ...services]);
    throw new Error(`not healthy: ${services.join(', ')}\n${endOf(up)}\n${endOf(logs)}`);
  }
  return `${containers.length} containers, none started twice`;
}

/** An order from the door to the e-mail, and its trace through every service. */
export async function orderIsTraced({ addresses }: Project): Promise<string> {
  const customer = newCustomer(addresses.gateway);
  const traceId = randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  const { id } = await customer.place('tok_ok', [{ sku: 'DB-1000', quantity: 2 }], { traceparent });
  const { status } = await customer.ended(id);
  if (status !== 'confirmed') throw new Error(`order ${id} is ${status}`);
  const spans = await awaitTrace(addresses.jaeger, traceId, { services: tracedServices, limitMs: 30_000 });
  const missing = tracedServices.filter((service) => !servicesOf(spans ?? []).includes(service));
  if (missing.length > 0) throw new Error(`no span of ${missing.join(', ')} in trace ${traceId}`);
  return `confirmed; ${spans?.length} spans of ${servicesOf(spans ?? []).join(', ')}`;
}

/** The one line of the README: it has to end by itself, with the verdict's exit code. */
export async function blackFridayPasses(project: Project, { seconds, peak }: Height): Promise<string> {
  const up = ['--profile', 'black-friday', 'up', '--exit-code-from', 'black-friday', '--no-color'];
  return verdictOf(
    await project.tryCompose(up, {
      env: { BLACK_FRIDAY_SECONDS: String(seconds), BLACK_FRIDAY_PEAK: String(peak) },
    }),
  );
}

const Passing = z.array(z.object({ Service: z.object({ ID: z.string() }) }));
const Traces = z.object({
  data: z.array(
    z.object({
      processes: z.record(
        z.string(),
        z.object({
          serviceName: z.string(),
          tags: z.array(z.object({ key: z.string(), value: z.unknown() })),
        }),
      ),
    }),
  ),
});

/** Three payments: Consul names them, each has spans of orders, and the books agree. */
export async function threePaymentsWork(project: Project, height: Height): Promise<string> {
  const { consul, jaeger } = project.addresses;
  await project.compose(['up', '-d', '--wait', '--scale', 'payment=3']);
  const passing = await eventually('three payments are passing', async () => {
    const response = await fetch(`${consul}/v1/health/service/payment?passing`);
    const ids = Passing.parse(await response.json()).map(({ Service }) => Service.ID);
    return ids.length === 3 && ids;
  });
  const verdict = await startSpike(project, height).verdict();
  const response = await fetch(`${jaeger}/api/traces?service=payment&limit=1500&lookback=1h`);
  const working = new Map<string, number>();
  for (const { processes } of Traces.parse(await response.json()).data) {
    for (const { serviceName, tags } of Object.values(processes)) {
      const instance = tags.find(({ key }) => key === 'service.instance.id')?.value;
      if (serviceName === 'payment') working.set(String(instance), (working.get(String(instance)) ?? 0) + 1);
    }
  }
  const idle = passing.filter((id) => !working.has(id));
  if (idle.length > 0) throw new Error(`no order's trace leads through ${idle.join(', ')}`);
  const shares = passing.map((id) => `${id}: ${working.get(id)} traces`);
  return `${shares.join(', ')}. ${verdict}`;
}

export const ours = ['order', 'inventory', 'payment', 'notification', 'gateway', 'acquirer', 'mailbox'];

/** What is done to a service, and what has to be seen before it counts as back. */
type Blow = (project: Project, service: string) => Promise<void>;

/** The process dies, as by a bug or for want of memory; Docker starts it again by its policy. */
export const crash: Blow = async (project, service) => {
  const [before] = await of(project, service);
  const killAll = 'kill -9 $(cat /proc/1/task/1/children)';
  await project.tryCompose(['exec', '-T', service, 'sh', '-c', killAll]);
  await eventually(
    `${service} is started again and healthy`,
    async () => {
      const [now] = await of(project, service);
      return now !== undefined && now.restarts > (before?.restarts ?? 0) && now.health === 'healthy';
    },
    healthyLimitMs,
  );
};

/** `docker compose kill` is a wish that it stays down, and Docker's policy honours that: whoever kills starts again. */
export const kill: Blow = async (project, service) => {
  await project.compose(['kill', service]);
  await project.compose(['up', '-d', '--wait', '--no-recreate', service]);
};

export const restart: Blow = async (project, service) => {
  await project.compose(['restart', service]);
  await eventually(
    `${service} is healthy`,
    async () => (await of(project, service)).every(({ health }) => health === 'healthy'),
    healthyLimitMs,
  );
};

const of = async (project: Project, service: string) =>
  (await project.containers()).filter((container) => container.service === service);

/**
 * Strikes one after the other while orders come in, and gives the verdict on each day that this took: a slow machine
 * needs more than one.
 */
export async function survives(
  project: Project,
  blow: Blow,
  services: readonly string[],
  height: Height,
): Promise<string> {
  const waiting = [...services];
  const verdicts: string[] = [];
  while (waiting.length > 0) {
    const spike = startSpike(project, height);
    await spike.hasBegun;
    for (const service of [...waiting]) {
      if (!spike.isSelling()) break;
      await blow(project, service);
      waiting.shift();
    }
    verdicts.push(await spike.verdict());
  }
  return `${services.join(', ')}. ${verdicts.join('. ')}`;
}
