import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export interface BrokerPlace {
  folder: string;
  port: number;
  controllerPort: number;
  /** The cluster that it is one of; without it, it is all of one. */
  cluster?: BrokerCluster | undefined;
  /** A second listener, and the port under which it tells clients to find it. */
  front?: { port: number; toldPort: number } | undefined;
  /** With it the broker's data folder is written ready formatted; without it, Kafka's own tool must format it. */
  bootstrapFile?: string;
}

export interface BrokerCluster {
  id: string;
  /** Which of the brokers this is, from 1. */
  node: number;
  /** Of all its brokers, in their order. */
  controllerPorts: readonly number[];
}

export interface BrokerFiles {
  clusterId: string;
  properties: string;
  logging: string;
  dataFolder: string;
}

/** With 256 MB a broker took 22,000 messages of 1 kB a second on two cores, with this 25,000. */
const HEAP_MB = 384;

const LOGGING = `status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=[%d] %p %m (%c)%n
rootLogger.level=WARN
rootLogger.appenderRef.console.ref=console
logger.server.name=kafka.server.KafkaRaftServer
logger.server.level=INFO
`;

/** Writes all that a broker, which is its own controller, needs on disk before it can start. */
export async function writeBrokerFiles(place: BrokerPlace): Promise<BrokerFiles> {
  const dataFolder = path.join(place.folder, 'data');
  const files = {
    clusterId: place.cluster?.id ?? randomId(),
    properties: path.join(place.folder, 'server.properties'),
    logging: path.join(place.folder, 'log4j2.properties'),
    dataFolder,
  };
  await mkdir(dataFolder, { recursive: true });
  await writeFile(files.properties, asProperties(brokerSettings(place, dataFolder)));
  await writeFile(files.logging, LOGGING);
  if (place.bootstrapFile) {
    // What Kafka's format tool would write, without the second that starting a JVM for it takes.
    const meta = {
      version: 1,
      'cluster.id': files.clusterId,
      'node.id': place.cluster?.node ?? 1,
      'directory.id': randomId(),
    };
    await writeFile(path.join(dataFolder, 'meta.properties'), asProperties(meta));
    await copyFile(place.bootstrapFile, path.join(dataFolder, 'bootstrap.checkpoint'));
  }
  return files;
}

/**
 * How the JVM works: with little memory, and with its quick compiler alone. The thorough one took half of the broker's
 * time in the first ten seconds under load, and after a minute no difference was seen.
 */
export const JVM = { heap: `-Xmx${HEAP_MB}m`, performance: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1' };

/** The JVM's arguments up to the main class. */
export function jvmArgs(classPath: string, logging: string): string[] {
  const configuration = `-Dlog4j2.configurationFile=${pathToFileURL(logging)}`;
  return [JVM.heap, ...JVM.performance.split(' '), '-cp', classPath, configuration];
}

/** The broker's settings: first those that say where it is, and among whom. */
export function brokerSettings(
  { port, controllerPort, cluster, front }: Omit<BrokerPlace, 'folder' | 'bootstrapFile'>,
  dataFolder: string,
): Record<string, string | number> {
  const listener = `PLAINTEXT://127.0.0.1:${port}`;
  const { node, controllerPorts } = cluster ?? { node: 1, controllerPorts: [controllerPort] };
  const brokers = controllerPorts.length;
  const [fronted, told, map] = front
    ? [`,FRONT://127.0.0.1:${front.port}`, `,FRONT://127.0.0.1:${front.toldPort}`, ',FRONT:PLAINTEXT']
    : ['', '', ''];
  return {
    'process.roles': 'broker,controller',
    'node.id': node,
    'controller.quorum.voters': controllerPorts.map((one, n) => `${n + 1}@127.0.0.1:${one}`).join(','),
    listeners: `${listener},CONTROLLER://127.0.0.1:${controllerPort}${fronted}`,
    'advertised.listeners': `${listener}${told}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${map}`,
    'log.dirs': dataFolder,
    'auto.create.topics.enable': 'false',
    // One broker alone has nobody to replicate to.
    ...(brokers === 1 ? {} : { 'min.insync.replicas': brokers - 1 }),
    'default.replication.factor': brokers,
    'offsets.topic.replication.factor': brokers,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    // After `kill -9` a broker has to wait until its old session is over: 2 s instead of 9.
    'broker.session.timeout.ms': 2000,
    'broker.heartbeat.interval.ms': 500,
    'group.min.session.timeout.ms': 1000,
    // A group's first member does not wait for others: they join as they come.
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
  };
}

function asProperties(settings: Record<string, string | number>): string {
  // In a properties file a backslash escapes; a folder's name must not be read so.
  const lines = Object.entries(settings).map(
    ([key, value]) => `${key}=${String(value).replaceAll('\\', '\\\\')}`,
  );
  return `${lines.join('\n')}\n`;
}

/** A UUID as Kafka writes them; a leading dash would look like an option to its tools. */
export function randomId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? randomId() : id;
}
