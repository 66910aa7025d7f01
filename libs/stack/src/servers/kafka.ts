import { mkdir } from 'node:fs/promises';
import type { ProcessSpec } from '../process-spec.ts';
import type { Java } from '../tools/java.ts';
import type { Kafka } from '../tools/kafka.ts';
import { type BrokerPlace, jvmArgs, writeBrokerFiles } from './kafka-files.ts';

/** A broker that is its own controller. On a busy machine its start can take half a minute. */
export async function kafkaServer(
  kafka: Kafka,
  place: Omit<BrokerPlace, 'bootstrapFile'>,
): Promise<ProcessSpec> {
  await mkdir(place.folder, { recursive: true });
  const files = await writeBrokerFiles({ ...place, bootstrapFile: kafka.bootstrapFile });
  const args = jvmArgs(kafka.classPath, files.logging);
  return {
    name: 'kafka',
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
