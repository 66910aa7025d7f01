import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { REPO_FOLDER } from './service-specs.ts';
import { SetupError } from './setup-error.ts';

const Anything = z.looseObject({ gateway: z.url() });
const answerLimitMs = 3_000;

/**
 * Finds a shop that is up: the one the file tells of, or the newest of the run folders whose gateway answers.
 * `needs` names what the caller has to know of it; it is what `npm start -- --info FILE` writes, or a part of that.
 * @throws SetupError with one sentence for a person
 */
export async function findShop<T extends z.ZodType<{ gateway: string }>>(
  needs: T,
  infoFile?: string,
  runsFolder: string = path.join(REPO_FOLDER, '.runs'),
): Promise<z.infer<T>> {
  if (infoFile !== undefined) {
    const info = await readInfo(needs, infoFile);
    if (await answers(info)) return info;
    throw new SetupError(`The shop that ${infoFile} tells of does not answer at ${info.gateway}.`);
  }
  for (const file of await infoFilesIn(runsFolder)) {
    const info = await readInfo(Anything, file).catch(() => undefined);
    if (info !== undefined && (await answers(info))) return readInfo(needs, file);
  }
  throw new SetupError('No shop is up; start one with `npm start`, or name its file with --info FILE.');
}

/** Run folders are named by their time, so the newest come first. */
async function infoFilesIn(runsFolder: string): Promise<string[]> {
  const runs = await readdir(runsFolder).catch(() => []);
  return runs
    .sort()
    .reverse()
    .map((run) => path.join(runsFolder, run, 'info.json'));
}

async function readInfo<T extends z.ZodType>(needs: T, file: string): Promise<z.infer<T>> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new SetupError(`There is no file ${file}.`);
  try {
    return needs.parse(JSON.parse(text));
  } catch (cause) {
    throw new SetupError(`${file} does not tell where a shop is.`, { cause });
  }
}

async function answers({ gateway }: { gateway: string }): Promise<boolean> {
  const signal = AbortSignal.timeout(answerLimitMs);
  const response = await fetch(new URL('/health/live', gateway), { signal }).catch(() => undefined);
  await response?.body?.cancel();
  return response !== undefined;
}
