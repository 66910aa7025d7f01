import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ProcessSpec } from '../process-spec.ts';
import type { Java } from '../tools/java.ts';
import type { Kafka } from '../tools/kafka.ts';
import { type BrokerPlace, jvmArgs, randomId, writeBrokerFiles } from './kafka-files.ts';

/** As many brokers as there are places, all of one cluster. */
export async function kafkaServers(
  kafka: Kafka,
  folder: string,
  places: readonly Pick<BrokerPlace, 'port' | 'controllerPort' | 'front'>[],
): Promise<ProcessSpec[]> {
  const [alone, ...others] = places;
  if (alone !== undefined && others.length === 0)
    return [await kafkaServer('kafka', kafka, { folder, ...alone })];
  const id = randomId();
  const controllerPorts = places.map(({ controllerPort }) => controllerPort);
  return Promise.all(
    places.map((place, n) => {
      const name = `kafka-${n + 1}`;
      const cluster = { id, node: n + 1, controllerPorts };
      return kafkaServer(name, kafka, { folder: path.join(folder, name), ...place, cluster });
    }),
  );
}

/** A broker that is its own controller. On a busy machine its start can take half a minute. */
async function kafkaServer(
  name: string,
  kafka: Kafka,
  place: Omit<BrokerPlace, 'bootstrapFile'>,
): Promise<ProcessSpec> {
  await mkdir(place.folder, { recursive: true });
  const files = await writeBrokerFiles({ ...place, bootstrapFile: kafka.bootstrapFile });
  const args = jvmArgs(kafka.classPath, files.logging);
  return {
    name,
    command: kafka.java.command,
    args: [...archiveFlags(kafka.java, kafka.classArchive), ...args, 'kafka.Kafka', files.properties],
    env: process.env,
    port: place.port,
    ready: async (starting) => {
      await starting.logLine(/Kafka Server started/);
    },
    readyLimitMs: 60_000,
    restart: true,
    stopGraceMs: 15_000,
    tier: 0,
  };
}

/** An archive that does not fit makes the JVM start without it, silently. */
function archiveFlags(java: Java, archive: string | undefined): string[] {
  if (archive === undefined) return [];
  if (java.major >= 25)
    return [`-XX:AOTCache=${archive}`, '-XX:AOTMode=auto', '-Xlog:aot=off', '-Xlog:cds=off'];
  return [`-XX:SharedArchiveFile=${archive}`, '-Xshare:auto', '-Xlog:cds=off', '-Xlog:cds+dynamic=off'];
}
