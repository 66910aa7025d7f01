import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { reading } from '../audit/database.ts';
import type { ShopInfo } from '../audit/sources.ts';
import { connectSupervisor } from '../desk/supervisor.ts';
import { eventually } from '../support/eventually.ts';
import type { HostileInfo } from './doors.ts';

/** What every table of every database holds, as a count of its rows and a sum over their contents, by `order.orders`. */
export type Rows = Map<string, string>;

export async function readRows(databases: ShopInfo['auditor']): Promise<Rows> {
  const rows: Rows = new Map();
  for (const [name, url] of Object.entries(databases)) {
    await reading(url, async (database) => {
      const { rows: tables } = await database.query<{ table: string }>(
        `select table_name as table from information_schema.tables
         where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
      );
      for (const { table } of tables) {
        const sum = 'coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)';
        const found = await database.query<{ told: string }>(
          `select count(*) || ' rows, ' || ${sum} as told from ${database.escapeIdentifier(table)} t`,
        );
        rows.set(`${name}.${table}`, found.rows[0]?.told ?? '');
      }
    });
  }
  return rows;
}

/** The tables that are not as they were, each with how. */
export const changesIn = (before: Rows, after: Rows): string[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .filter((table) => before.get(table) !== after.get(table))
    .map((table) => `${table}: ${before.get(table) ?? 'no table'} became ${after.get(table) ?? 'no table'}`);

/** What is still to be done stands in these tables: orders that are open, and messages that are not yet published. */
const underWay = /\.(?:deadlines|outbox)$/;

/** The rows once nothing moves any more. */
export async function readQuietRows(databases: ShopInfo['auditor']): Promise<Rows> {
  let last: Rows = new Map();
  return eventually('the shop is quiet', async () => {
    const now = await readRows(databases);
    const isDone = [...now].every(([table, told]) => !underWay.test(table) || told.startsWith('0 rows'));
    const isQuiet = isDone && changesIn(last, now).length === 0;
    last = now;
    return isQuiet && now;
  });
}

/** The pid of every process that runs, servers included, by its name. */
export async function readPids({
  supervisor,
  operatorSigningKey,
}: HostileInfo): Promise<Map<string, number | null>> {
  const processes = await connectSupervisor(supervisor, operatorSigningKey).list();
  return new Map(processes.map(({ name, pid }) => [name, pid]));
}

const ours = /^(?:gateway|order|inventory|payment|notification|acquirer|mailbox)-\d+\.log$/;
/** What services say of a request that they failed, or of a state that nobody foresaw. */
const failed = /"msg":"(?:A request failed|Cannot go on)"/;

/** How far the services have written their logs. */
export async function measureLogs(runDir: string): Promise<Map<string, number>> {
  const texts = await readLogs(runDir);
  return new Map([...texts].map(([file, text]) => [file, text.length]));
}

/** Lines since then that are no JSON, that tell of a failure, or that somebody outside has written. */
export async function complaintsInLogs(runDir: string, since: Map<string, number>): Promise<string[]> {
  const texts = await readLogs(runDir);
  return [...texts].flatMap(([file, text]) =>
    text
      .slice(since.get(file) ?? 0)
      .split('\n')
      .filter((line) => line !== '' && (!isJson(line) || failed.test(line)))
      .map((line) => `${file}: ${line.slice(0, 300)}`),
  );
}

async function readLogs(runDir: string): Promise<Map<string, string>> {
  const folder = path.join(runDir, 'logs');
  const files = (await readdir(folder)).filter((file) => ours.test(file));
  const texts = files.map(
    async (file): Promise<[string, string]> => [file, await readFile(path.join(folder, file), 'utf8')],
  );
  return new Map(await Promise.all(texts));
}

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}
