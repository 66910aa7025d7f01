import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** Everything that the auditor reads, and where it is. It is what `--info FILE` holds, as far as it is of use here. */
export const ShopInfo = z.object({
  gateway: z.url(),
  jaeger: z.url(),
  mailbox: z.url(),
  kafka: z.array(z.string()).min(1),
  postgres: z.object({
    order: z.string(),
    payment: z.string(),
    inventory: z.string(),
    notification: z.string(),
    acquirer: z.string(),
  }),
  runDir: z.string(),
});
export type ShopInfo = z.infer<typeof ShopInfo>;

export interface Sources extends Pick<ShopInfo, 'postgres' | 'kafka' | 'mailbox'> {
  /** What the clients were told; where nobody wrote it down, the auditor says so. */
  clientsFile: string;
}

/** Why the auditor could not do its work, in one sentence for a person. */
export class CannotAudit extends Error {
  override readonly name = 'CannotAudit';
}

/** The history of a run's clients lies in the run's folder. */
export const clientsFileOf = (runDir: string): string => path.join(runDir, 'clients.jsonl');

/** What of a shop the auditor reads. */
export const sourcesOf = ({ postgres, kafka, mailbox, runDir }: ShopInfo): Sources => ({
  postgres,
  kafka,
  mailbox,
  clientsFile: clientsFileOf(runDir),
});

/** Finds a shop that is up: the one the file tells of, or the newest of the run folders whose gateway answers. */
export async function findShop(infoFile: string | undefined, runsFolder: string): Promise<ShopInfo> {
  if (infoFile !== undefined) {
    const info = await readInfo(infoFile);
    if (!(await answers(info)))
      throw new CannotAudit(`The shop that ${infoFile} tells of does not answer at ${info.gateway}.`);
    return info;
  }
  const runs = await readdir(runsFolder).catch(() => []);
  for (const run of runs.sort().reverse()) {
    const info = await readInfo(path.join(runsFolder, run, 'info.json')).catch(() => undefined);
    if (info !== undefined && (await answers(info))) return info;
  }
  throw new CannotAudit('No shop is up; start one with `npm start`, or name its file with --info FILE.');
}

async function readInfo(file: string): Promise<ShopInfo> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new CannotAudit(`There is no file ${file}.`);
  try {
    return ShopInfo.parse(JSON.parse(text));
  } catch (cause) {
    throw new CannotAudit(`${file} does not tell where a shop is.`, { cause });
  }
}

async function answers({ gateway }: ShopInfo): Promise<boolean> {
  const signal = AbortSignal.timeout(3_000);
  const response = await fetch(new URL('/health/live', gateway), { signal }).catch(() => undefined);
  await response?.body?.cancel();
  return response !== undefined;
}
