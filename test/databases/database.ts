import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createPool, migrate } from '../../libs/service/src/database.ts';
import { createLog } from '../../libs/service/src/log.ts';

/** The services that have a database; `pipeline` is what most of them have in common. */
export const services = ['order', 'inventory', 'payment', 'notification', 'acquirer'] as const;
export type Service = (typeof services)[number];
export type Place = Service | 'pipeline';

export const hasPipeline = (place: Place): boolean => place !== 'acquirer';

export const foldersOf = (place: Place): string[] => [
  ...(hasPipeline(place) ? ['libs/pipeline/'] : []),
  ...(place === 'pipeline' ? [] : [`services/${place}/`]),
];

/** Silent: whatever fails here fails on purpose. */
export const log = createLog('docs-1', 'silent');

/** A database as a service finds it at its first start, and a pool as the service has it. */
export interface FreshDatabase {
  url: string;
  pool: pg.Pool;
  drop(): Promise<void>;
}

/** Makes a database and runs the real migrations of a service in it. */
export async function freshDatabase(serverUrl: string, place: Place): Promise<FreshDatabase> {
  const name = `docs_${randomUUID().replaceAll('-', '')}`;
  const on = (database: string) => Object.assign(new URL(serverUrl), { pathname: `/${database}` }).toString();
  await query(on('postgres'), `create database ${name}`);
  const url = on(name);
  const folders = foldersOf(place);
  const own = new URL(`../../${folders.at(-1)}migrations/`, import.meta.url);
  await migrate(url, { service: own, withPipeline: folders.length > 1 }, log);
  const pool = createPool(url, 5, log);
  return {
    url,
    pool,
    async drop() {
      await pool.end();
      await query(on('postgres'), `drop database ${name} with (force)`);
    },
  };
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text).finally(() => client.end());
}
