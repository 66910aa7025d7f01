import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import mavenUrl from 'mvn-artifact-url';
import { z } from 'zod';
import { cached } from '../cache.ts';
import type { ProgressItem } from '../progress.ts';
import { SetupError } from '../setup-error.ts';
import type { SetupContext } from './context.ts';

export const KAFKA_VERSION = '4.3.1';
const PARALLEL = 6;
const ATTEMPTS_MAX = 4;
const RETRY_AFTER_MS = 500;
const ATTEMPT_LIMIT_MS = 120_000;

const Jar = z
  .tuple([z.string(), z.string().length(64), z.number()])
  .transform(([file, sha256, bytes]) => ({ file, sha256, bytes }));
type Jar = z.infer<typeof Jar>;

export interface KafkaJars {
  folder: string;
  /** All jars in a fixed order: a class archive fits one order only. */
  classPath: string;
  /** Changes with any jar. */
  digest: string;
}

/** Kafka's 35 jars, each pinned by checksum; they are verified when fetched, and published together. */
export async function ensureKafkaJars({ progress, signal }: SetupContext): Promise<KafkaJars> {
  const list = await readFile(new URL('./kafka-jars.json', import.meta.url), 'utf8');
  const jars = z.array(Jar).parse(JSON.parse(list));
  const digest = createHash('sha256').update(list).digest('hex').slice(0, 12);
  const item = progress.item('Kafka');
  const make = (draft: string) => fetchAll(jars, draft, item, signal);
  const folder = await cached(`kafka-${KAFKA_VERSION}-${digest}`, item, signal, make);
  item.done();
  const files = jars.map((jar) => path.join(folder, path.basename(jar.file)));
  return { folder, classPath: files.join(path.delimiter), digest };
}

async function fetchAll(
  jars: readonly Jar[],
  draft: string,
  item: ProgressItem,
  signal: AbortSignal | undefined,
): Promise<void> {
  await mkdir(draft);
  const totalMb = Math.round(jars.reduce((sum, jar) => sum + jar.bytes, 0) / 1e6);
  const waiting = [...jars];
  let fetched = 0;
  const worker = async () => {
    for (let jar = waiting.shift(); jar; jar = waiting.shift()) {
      await writeFile(path.join(draft, path.basename(jar.file)), await fetchJar(jar, signal));
      fetched++;
      item.update(`fetched ${fetched} of ${jars.length} files (${totalMb} MB in all, about 10 s)`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

async function fetchJar(jar: Jar, signal: AbortSignal | undefined): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchOnce(jar, signal);
    } catch (cause) {
      signal?.throwIfAborted();
      const file = path.basename(jar.file);
      if (attempt === ATTEMPTS_MAX) throw new SetupError(`Kafka's ${file} could not be fetched.`, { cause });
      await pause(RETRY_AFTER_MS * attempt, undefined, signal ? { signal } : {});
    }
  }
}

async function fetchOnce(jar: Jar, signal: AbortSignal | undefined): Promise<Buffer> {
  const limit = AbortSignal.timeout(ATTEMPT_LIMIT_MS);
  const response = await fetch(await addressOf(jar), {
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  if (!response.ok) throw new Error(`HTTP ${response.status} for ${jar.file}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== jar.sha256) throw new Error(`${jar.file} is not what was pinned: its sha256 is ${sha256}`);
  return bytes;
}

/** Where the jar lies: in the repository MAVEN_REPO names, else in the public one, which the package knows. */
async function addressOf(jar: Jar): Promise<string> {
  const mirror = process.env['MAVEN_REPO'];
  if (mirror) return `${mirror.replace(/\/$/, '')}/${jar.file}`;
  const [version = '', artifactId = '', ...group] = jar.file.split('/').slice(0, -1).reverse();
  return mavenUrl.default({ groupId: group.reverse().join('.'), artifactId, version });
}
