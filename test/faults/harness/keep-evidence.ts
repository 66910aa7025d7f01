import { createWriteStream } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { topics } from '@doorbuster/contracts';
import { readTopic } from '@doorbuster/messaging';
import type { ShopInfo } from '@doorbuster/stack';
import { reading } from '../../audit/database.ts';
import { clientsFileOf } from '../../audit/sources.ts';

/** Beside the runs, of which only the newest are kept. */
const kept = fileURLToPath(new URL('../../../.runs/faults', import.meta.url));

/**
 * Keeps what a failure leaves behind, before its shop is stopped: what went wrong, all logs, what clients were told, every
 * table as JSON lines, and every record of every topic. Gives the folder.
 */
export async function keepEvidence(info: ShopInfo, id: string, why: unknown): Promise<string> {
  const folder = path.join(kept, `${path.basename(info.runDir)}-${id}`);
  await mkdir(folder, { recursive: true });
  const text = why instanceof Error ? (why.stack ?? why.message) : String(why);
  const parts = [
    writeFile(path.join(folder, 'why.txt'), `${text}\n`),
    cp(path.join(info.runDir, 'logs'), path.join(folder, 'logs'), { recursive: true }),
    cp(clientsFileOf(info.runDir), path.join(folder, 'clients.jsonl')),
    ...Object.entries(info.postgres).map(([name, url]) => dumpDatabase(url, path.join(folder, name))),
    ...topics.map(({ name }) => dumpTopic(info.kafka, name, path.join(folder, `${name}.jsonl`))),
  ];
  // What cannot be had any more must not hide the rest.
  await Promise.allSettled(parts);
  return folder;
}

async function dumpDatabase(url: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await reading(url, async (database) => {
    const { rows: tables } = await database.query<{ name: string }>(
      `select table_name as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    for (const { name } of tables) {
      const text = `select row_to_json(t)::text as line from ${database.escapeIdentifier(name)} t`;
      const { rows } = await database.query<{ line: string }>(text);
      await writeFile(path.join(folder, `${name}.jsonl`), rows.map(({ line }) => `${line}\n`).join(''));
    }
  });
}

async function dumpTopic(brokers: string[], topic: string, file: string): Promise<void> {
  const lines: string[] = [];
  await readTopic(
    { brokers, clientId: 'evidence' },
    topic,
    ({ partition, offset, key, headers, value }) => {
      lines.push(`${JSON.stringify({ partition, offset, key, headers, value: value.toString() })}\n`);
    },
    { limitMs: 20_000 },
  );
  await pipeline(lines, createWriteStream(file));
}
