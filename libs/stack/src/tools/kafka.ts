import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { cached } from '../cache.ts';
import { spawnGuarded } from '../guarded-spawn.ts';
import { freePorts } from '../ports.ts';
import { runCommand } from '../run-command.ts';
import { jvmArgs, writeBrokerFiles } from '../servers/kafka-files.ts';
import type { SetupContext } from './context.ts';
import type { Java } from './java.ts';
import { ensureKafkaJars, KAFKA_VERSION } from './kafka-jars.ts';

export interface Kafka {
  java: Java;
  classPath: string;
  /** What a freshly formatted broker starts from; the same for every broker of this version. */
  bootstrapFile: string;
  /** The JVM's archive of loaded classes; it makes a start twice as fast. */
  classArchive: string | undefined;
}

/** Kafka's jars, and what lets a broker start fast: its formatted start file and an archive of its classes. */
export async function ensureKafka(context: SetupContext, javaReady: Promise<Java>): Promise<Kafka> {
  const [jars, java] = await Promise.all([ensureKafkaJars(context), javaReady]);
  const fit = createHash('sha256').update(`${java.command}\n${java.build}\n${jars.classPath}`).digest('hex');
  const item = context.progress.item('Kafka');
  const name = `kafka-${KAFKA_VERSION}-${jars.digest}-start-${fit.slice(0, 12)}`;
  const folder = await cached(name, item, context.signal, async (draft) => {
    item.update('trying a first start, about 15 s');
    await rehearse(draft, java, jars.classPath, context.signal);
  });
  item.done();
  const archive = path.join(folder, 'classes.archive');
  const bootstrapFile = path.join(folder, 'bootstrap.checkpoint');
  return {
    java,
    classPath: jars.classPath,
    bootstrapFile,
    classArchive: existsSync(archive) ? archive : undefined,
  };
}

/** Formats a broker, starts it, and stops it: on its way out the JVM writes down which classes it had loaded. */
async function rehearse(draft: string, java: Java, classPath: string, signal: AbortSignal | undefined) {
  const work = path.join(draft, 'rehearsal');
  await mkdir(work, { recursive: true });
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const files = await writeBrokerFiles({ folder: work, port, controllerPort });
  const format = ['kafka.tools.StorageTool', 'format', '-t', files.clusterId, '-c', files.properties];
  const plain = jvmArgs(classPath, files.logging);
  await runCommand(java.command, [...plain, ...format], { signal });
  await copyFile(
    path.join(files.dataFolder, 'bootstrap.checkpoint'),
    path.join(draft, 'bootstrap.checkpoint'),
  );
  const archiving = archiveFlag(java, path.join(draft, 'classes.archive'));
  await startAndStop(java.command, [archiving, ...plain, 'kafka.Kafka', files.properties], signal);
  await rm(work, { recursive: true });
}

function archiveFlag(java: Java, file: string): string {
  return java.major >= 25 ? `-XX:AOTCacheOutput=${file}` : `-XX:ArchiveClassesAtExit=${file}`;
}

/** Without an archive Kafka starts all the same, only slower; so how the rehearsal ends does not matter. */
async function startAndStop(command: string, args: readonly string[], signal: AbortSignal | undefined) {
  const { child } = await spawnGuarded({ command, args, env: process.env, output: 'pipe', graceMs: 1000 });
  const stop = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', stop, { once: true });
  child.stderr?.resume();
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('Kafka Server started')) stop();
    });
  }
  await new Promise((resolve) => child.once('close', resolve));
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
}
