import path from 'node:path';
import { rejection } from './poll.ts';
import { freePorts, PREFERRED_PORTS, preferredPort } from './ports.ts';
import type { Progress } from './progress.ts';
import { makeRunFolder } from './run-folder.ts';
import { consulServer } from './servers/consul.ts';
import { jaegerServer } from './servers/jaeger.ts';
import { kafkaServers } from './servers/kafka.ts';
import { type PostgresServer, type PostgresUrls, postgresServer } from './servers/postgres.ts';
import { prometheusServer } from './servers/prometheus.ts';
import { REPO_FOLDER } from './service-specs.ts';
import { ensureTools, type Tools } from './setup.ts';
import { Supervisor } from './supervisor.ts';

export interface ServersOptions {
  progress: Progress;
  /** Aborted when what is being started should be stopped again. */
  signal?: AbortSignal | undefined;
  /** The checkout whose .runs gets the run folder; this one if not said otherwise. */
  repoFolder?: string | undefined;
  /** Whether to take the ports people know by heart, where they are free. */
  preferPorts?: boolean | undefined;
  /** Whether Prometheus is started too. */
  observability?: boolean | undefined;
  /** How many brokers Kafka has; 1 if not said otherwise. */
  brokers?: number | undefined;
  /**
   * Puts something between the services and a second listener of a broker, which is on this port; gives the port under
   * which clients are to find it. Whoever looks at Kafka from outside goes on doing so directly.
   */
  frontKafka?: ((port: number) => Promise<number>) | undefined;
}

/** The real servers, up and ready. */
export interface Servers extends PostgresUrls {
  /** Kafka's brokers, host:port. */
  kafka: string[];
  /** The same as services find them, which may be behind something. */
  kafkaForServices: string[];
  consul: string;
  jaeger: string;
  /** Where OTLP over HTTP is received; paths such as /v1/traces come after it. */
  otlp: string;
  /** Only where it was asked for. */
  prometheus: string | undefined;
  runFolder: string;
  supervisor: Supervisor;
  /** Stops everything that runs under the supervisor. */
  stop(): Promise<void>;
}

/**
 * Sets up and starts Kafka, PostgreSQL, Consul and Jaeger, and Prometheus where it is asked for, with data and logs in a
 * run folder of their own.
 */
export async function startServers(options: ServersOptions): Promise<Servers> {
  const { progress, signal, repoFolder = REPO_FOLDER, observability } = options;
  const tools = await ensureTools({ progress, signal, observability });
  const runFolder = await makeRunFolder(repoFolder);
  const ports = await choosePorts(options, tools);
  const supervisor = new Supervisor(path.join(runFolder, 'logs'));
  const postgres = await postgresServer(tools.postgres, runFolder, ports.postgres);
  const stop = async () => {
    await supervisor.stopAll();
    await postgres.cleanUp();
  };
  const item = progress.item('Servers');
  item.update('starting Kafka, PostgreSQL, Consul and Jaeger');
  await orStop(stop, signal, () => startAll(supervisor, tools, postgres, ports, runFolder));
  item.done();
  const local = (port: number) => `http://127.0.0.1:${port}`;
  return {
    kafka: ports.kafka.map(({ port }) => `127.0.0.1:${port}`),
    kafkaForServices: ports.kafka.map(({ port, front }) => `127.0.0.1:${front?.toldPort ?? port}`),
    ...postgres.urls,
    consul: local(ports.consul.http),
    jaeger: local(ports.jaeger.query),
    otlp: local(ports.jaeger.otlpHttp),
    prometheus: ports.prometheus === undefined ? undefined : local(ports.prometheus),
    runFolder,
    supervisor,
    stop,
  };
}

/** Does the work; if that fails, or the signal is aborted meanwhile, nothing that was started stays up. */
export async function orStop<T>(
  stop: () => Promise<void>,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await (signal ? Promise.race([work(), rejection(signal)]) : work());
  } catch (error) {
    await stop();
    throw error;
  }
}

type Ports = Awaited<ReturnType<typeof choosePorts>>;

/** The preferred port if nobody has it, else a free one, and a line about that. */
export function portFor(what: string, preferred: number, progress: Progress): Promise<number> {
  return preferredPort(preferred, (port) => {
    progress.say(`Port ${preferred} is taken: ${what} gets ${port}.`);
  });
}

async function choosePorts(options: ServersOptions, { prometheus }: Tools) {
  const { preferPorts = false, progress, brokers = 1, frontKafka } = options;
  const any = async () => (await freePorts(1))[0] ?? 0;
  const preferred = (what: string, port: number) => (preferPorts ? portFor(what, port, progress) : any());
  return {
    postgres: await any(),
    kafka: await Promise.all(
      Array.from({ length: brokers }, async () => {
        const [port, controllerPort] = [await any(), await any()];
        const front = frontKafka === undefined ? undefined : await any();
        return {
          port,
          controllerPort,
          front: front && frontKafka ? { port: front, toldPort: await frontKafka(front) } : undefined,
        };
      }),
    ),
    consul: {
      http: await preferred('Consul', PREFERRED_PORTS.consul),
      server: await any(),
      serf: await any(),
    },
    jaeger: {
      query: await preferred('Jaeger', PREFERRED_PORTS.jaeger),
      queryGrpc: await any(),
      otlpHttp: await any(),
      otlpGrpc: await any(),
      metrics: await any(),
      health: await any(),
    },
    prometheus:
      prometheus === undefined ? undefined : await preferred('Prometheus', PREFERRED_PORTS.prometheus),
  };
}

/** None of them needs another, so all start at once. */
async function startAll(
  supervisor: Supervisor,
  tools: Tools,
  postgres: PostgresServer,
  ports: Ports,
  runFolder: string,
): Promise<void> {
  const kafka = await kafkaServers(tools.kafka, path.join(runFolder, 'kafka'), ports.kafka);
  const { prometheus: port, jaeger } = ports;
  const prometheus =
    tools.prometheus && port
      ? await prometheusServer(tools.prometheus, { folder: path.join(runFolder, 'prometheus'), port, jaeger })
      : undefined;
  await Promise.all([
    ...kafka.map((broker) => supervisor.run(broker)),
    supervisor.run(postgres.spec).then(() => postgres.createDatabases()),
    supervisor.run(consulServer(tools.consul, ports.consul)),
    supervisor.run(jaegerServer(tools.jaeger, ports.jaeger)),
    prometheus && supervisor.run(prometheus),
  ]);
}
