import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createTopics } from '@doorbuster/messaging';
import { freePorts, PREFERRED_PORTS } from './ports.ts';
import type { Database } from './servers/postgres.ts';
import { orStop, portFor, type Servers, type ServersOptions, startServers } from './servers.ts';
import { environmentOf, type ServiceSettings } from './service-environment.ts';
import { REPO_FOLDER, SCALED, type ServiceName, serviceSpec } from './service-specs.ts';
import type { Supervisor } from './supervisor.ts';
import { serveSupervisor } from './supervisor-api.ts';

export interface ShopOptions extends ServersOptions, ServiceSettings {
  /** How many of each scaled service; 1 if not said otherwise. */
  instances?: number | undefined;
  /** Whether a service is started again when a file changes that it has read. */
  watch?: boolean | undefined;
  /** Opens /admin and the supervisor; a new one if none is given. */
  operatorToken?: string | undefined;
}

/** Where everything of a shop that is up can be found; what `--info FILE` writes. */
export interface ShopInfo {
  gateway: string;
  consul: string;
  jaeger: string;
  mailbox: string;
  mailboxSmtp: string;
  acquirer: string;
  supervisor: string;
  otlp: string;
  /** Only where observability was asked for. */
  prometheus: string | undefined;
  kafka: string[];
  postgres: Record<Database, string>;
  operatorToken: string;
  runDir: string;
  processes: { name: string; pid: number | null; port: number | null }[];
}

export interface Shop {
  /** As it is now: a process that was restarted has another pid. */
  readonly info: ShopInfo;
  supervisor: Supervisor;
  stop(): Promise<void>;
}

/** Starts the whole shop: the servers, the world outside, the services and last the gateway. */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const servers = await startServers({ preferPorts: true, ...options });
  const { supervisor } = servers;
  const operatorToken = options.operatorToken ?? randomBytes(24).toString('base64url');
  const api = await serveSupervisor(supervisor, operatorToken);
  const stop = async () => {
    api.close();
    await servers.stop();
  };
  const item = options.progress.item('Services');
  item.update('starting');
  const addresses = await orStop(stop, options.signal, () => startServices(servers, options, operatorToken));
  item.done();
  const fixed = { ...addresses, supervisor: api.url, operatorToken, runDir: servers.runFolder };
  const { consul, jaeger, otlp, prometheus, kafka, postgres } = servers;
  return {
    get info() {
      const processes = supervisor.list().map(({ name, pid, port }) => ({ name, pid, port }));
      return { ...fixed, consul, jaeger, otlp, prometheus, kafka, postgres, processes };
    },
    supervisor,
    stop,
  };
}

type Addresses = Pick<ShopInfo, 'gateway' | 'acquirer' | 'mailbox' | 'mailboxSmtp'>;

async function startServices(
  servers: Servers,
  options: ShopOptions,
  operatorToken: string,
): Promise<Addresses> {
  const { supervisor, runFolder } = servers;
  const [acquirerPort = 0, smtpPort = 0] = await freePorts(2);
  const mailboxPort = await portFor('the mailbox', PREFERRED_PORTS.mailbox, options.progress);
  const gatewayPort = await portFor('the gateway', PREFERRED_PORTS.gateway, options.progress);
  const addresses = {
    gateway: `http://127.0.0.1:${gatewayPort}`,
    acquirer: `http://127.0.0.1:${acquirerPort}`,
    mailbox: `http://127.0.0.1:${mailboxPort}`,
    mailboxSmtp: `smtp://127.0.0.1:${smtpPort}`,
  };
  const booksFile = path.join(runFolder, 'mailbox.jsonl');
  const wiring = { ...servers, ...addresses, smtpPort, booksFile, operatorToken };
  const specOf = (service: ServiceName, instance: string, port: number) => {
    const env = environmentOf(service, wiring, options);
    const { repoFolder = REPO_FOLDER, watch } = options;
    return serviceSpec({ service, instance, port, env, repoFolder, watch });
  };
  for (const service of SCALED) {
    const ports = instancePorts();
    supervisor.defineService(service, async (instance) => specOf(service, instance, await ports(instance)));
  }
  await Promise.all([
    createTopics(servers.kafka),
    supervisor.run(specOf('acquirer', 'acquirer-1', acquirerPort)),
    supervisor.run(specOf('mailbox', 'mailbox-1', mailboxPort)),
  ]);
  await Promise.all(SCALED.map((service) => supervisor.scale(service, options.instances ?? 1)));
  await supervisor.run(specOf('gateway', 'gateway-1', gatewayPort));
  return addresses;
}

/** An instance that is scaled away and comes back listens where it did before. */
function instancePorts(): (instance: string) => Promise<number> {
  const known = new Map<string, number>();
  return async (instance) => {
    const port = known.get(instance) ?? (await freePorts(1))[0] ?? 0;
    known.set(instance, port);
    return port;
  };
}
