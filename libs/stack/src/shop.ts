import { userInfo } from 'node:os';
import path from 'node:path';
import { createTopics } from '@doorbuster/messaging';
import {
  issueToken,
  newSigningKey,
  publicPartOf,
  readPublicKeys,
  readSigningKey,
  tokenMinutesMax,
} from '@doorbuster/operator';
import { deskSpec } from './desk-spec.ts';
import { freePorts, PREFERRED_PORTS } from './ports.ts';
import type { Database } from './servers/postgres.ts';
import { orStop, portFor, type Servers, type ServersOptions, startServers } from './servers.ts';
import { environmentOf, type ServiceSettings, type Wiring } from './service-environment.ts';
import { REPO_FOLDER, SCALED, type ServiceName, serviceSpec } from './service-specs.ts';
import { keepShopInfo } from './shop-info.ts';
import type { Supervisor } from './supervisor.ts';
import { serveSupervisor } from './supervisor-api.ts';
import { buildWeb } from './web-page.ts';

export interface ShopOptions extends ServersOptions, ServiceSettings {
  /** How many of each scaled service; 1 if not said otherwise. */
  instances?: number | undefined;
  /** Whether a service is started again when a file changes that it has read. */
  watch?: boolean | undefined;
  /** Makes the tokens that open /admin and the supervisor; a new one if none is given. */
  operatorSigningKey?: string | undefined;
  /** The public part of a key whose tokens are taken too, because it has just been replaced. */
  operatorOldKey?: string | undefined;
  /** Whether the desk is started, on which the control room's buttons lie; then the run folder has an info.json. */
  desk?: boolean | undefined;
  /** What a service is told of the others instead, such as the address of something in between. */
  rewire?: ((service: ServiceName, wiring: Wiring) => Wiring) | undefined;
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
  /** Only where it was asked for. */
  desk: string | undefined;
  otlp: string;
  /** Only where observability was asked for. */
  prometheus: string | undefined;
  kafka: string[];
  /** As the databases' administrator: for tests, and for a person who mends something. */
  postgres: Record<Database, string>;
  /** As somebody who reads everything and can write nothing. */
  auditor: Record<Database, string>;
  /** Opens all doors, for twelve hours from the start. */
  operatorToken: string;
  /** Makes others, by `npm run token`. */
  operatorSigningKey: string;
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
  await buildWeb(options);
  const servers = await startServers({ preferPorts: true, ...options });
  const { supervisor } = servers;
  const operatorSigningKey = options.operatorSigningKey ?? newSigningKey('run');
  const operatorPublicKeys = [publicPartOf(operatorSigningKey), options.operatorOldKey ?? []].flat().join();
  const operatorToken = await issueToken(readSigningKey(operatorSigningKey), {
    name: userInfo().username,
    minutes: tokenMinutesMax,
  });
  const api = await serveSupervisor(supervisor, readPublicKeys(operatorPublicKeys));
  const stop = async () => {
    api.close();
    await servers.stop();
  };
  const item = options.progress.item('Services');
  item.update('starting');
  const addresses = await orStop(stop, options.signal, () => chooseAddresses(options));
  const fixed = {
    ...addresses,
    supervisor: api.url,
    operatorToken,
    operatorSigningKey,
    runDir: servers.runFolder,
  };
  const { consul, jaeger, otlp, prometheus, kafka, postgres, auditor } = servers;
  const shop: Shop = {
    get info() {
      const processes = supervisor.list().map(({ name, pid, port }) => ({ name, pid, port }));
      return { ...fixed, consul, jaeger, otlp, prometheus, kafka, postgres, auditor, processes };
    },
    supervisor,
    stop,
  };
  await orStop(stop, options.signal, () => startServices(shop, { ...servers, operatorPublicKeys }, options));
  item.done();
  return shop;
}

type Addresses = Pick<ShopInfo, 'gateway' | 'acquirer' | 'mailbox' | 'mailboxSmtp' | 'desk'>;

async function chooseAddresses({ progress, desk }: ShopOptions): Promise<Addresses> {
  const [acquirer, mailboxSmtp, deskPort] = await freePorts(3);
  const mailbox = await portFor('the mailbox', PREFERRED_PORTS.mailbox, progress);
  const gateway = await portFor('the gateway', PREFERRED_PORTS.gateway, progress);
  return {
    gateway: `http://127.0.0.1:${gateway}`,
    acquirer: `http://127.0.0.1:${acquirer}`,
    mailbox: `http://127.0.0.1:${mailbox}`,
    mailboxSmtp: `smtp://127.0.0.1:${mailboxSmtp}`,
    desk: desk ? `http://127.0.0.1:${deskPort}` : undefined,
  };
}

const portOf = (address: string): number => Number(new URL(address).port);

async function startServices(
  shop: Shop,
  servers: Servers & Pick<Wiring, 'operatorPublicKeys'>,
  options: ShopOptions,
): Promise<void> {
  const { supervisor, runFolder } = servers;
  const { gateway, acquirer, mailbox, mailboxSmtp, desk } = shop.info;
  const booksFile = path.join(runFolder, 'mailbox.jsonl');
  const smtpPort = portOf(mailboxSmtp);
  const { kafkaForServices: kafka, postgresForServices: postgres } = servers;
  const wiring = {
    ...servers,
    kafka,
    postgres,
    acquirer,
    mailbox,
    mailboxSmtp,
    desk,
    smtpPort,
    booksFile,
  };
  const specOf = (service: ServiceName, instance: string, port: number) => {
    const { repoFolder = REPO_FOLDER, watch, rewire } = options;
    const env = environmentOf(service, rewire?.(service, wiring) ?? wiring, options);
    return serviceSpec({ service, instance, port, env, repoFolder, watch });
  };
  for (const service of SCALED) {
    const ports = instancePorts();
    supervisor.defineService(service, async (instance) => specOf(service, instance, await ports(instance)));
  }
  await Promise.all([
    createTopics(servers.kafka),
    supervisor.run(specOf('acquirer', 'acquirer-1', portOf(acquirer))),
    supervisor.run(specOf('mailbox', 'mailbox-1', portOf(mailbox))),
  ]);
  await Promise.all(SCALED.map((service) => supervisor.scale(service, options.instances ?? 1)));
  await Promise.all([
    supervisor.run(specOf('gateway', 'gateway-1', portOf(gateway))),
    desk === undefined ? undefined : openDesk(shop, portOf(desk)),
  ]);
}

/** The desk learns from a file where everything is; it is also where commands find the shop by themselves. */
async function openDesk(shop: Shop, port: number): Promise<void> {
  const infoFile = path.join(shop.info.runDir, 'info.json');
  await keepShopInfo(shop, infoFile);
  await shop.supervisor.run(deskSpec(infoFile, port));
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
