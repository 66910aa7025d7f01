import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { ProcessSpec } from '../process-spec.ts';
import { POSTGRES_ROLE, type Postgres } from '../tools/postgres.ts';
import { findPostgresPlace, type PostgresPlace } from './postgres-place.ts';

const DATABASES = ['order', 'payment', 'inventory', 'notification', 'acquirer'] as const;
export type Database = (typeof DATABASES)[number];
/** Who may log in, besides the administrator: each database's owner, called as it is, and who reads them all. */
const ROLES = [...DATABASES, 'auditor'] as const;
type Role = (typeof ROLES)[number];
/** The same file that every other way to run the shop gives PostgreSQL. */
const DATABASES_FILE = new URL('../../servers/postgres/databases.sql', import.meta.url);

/** The settings that have nothing to do with where the server runs. */
export const POSTGRES_SETTINGS = {
  max_connections: 200,
  shared_buffers: '256MB',
  // What was said to be stored is stored: the shop's promises rest on these two.
  fsync: 'on',
  synchronous_commit: 'on',
  // Fewer and smoother checkpoints under a Black Friday.
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: 0.9,
  wal_compression: 'on',
  // For queries that take milliseconds, compiling them takes longer than running them.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** What holds for a server beside others on one machine. */
const PLACE_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Files in the data folder instead of shared memory that a `kill -9` would leave behind.
  dynamic_shared_memory_type: 'mmap',
};

/** The ways into the databases, each a connection URL per database. */
export interface PostgresUrls {
  /** For who runs the server: may do everything everywhere. */
  postgres: Record<Database, string>;
  /** For the services: each is as its owner, who can do nothing elsewhere. */
  postgresForServices: Record<Database, string>;
  /** For who reads everything and can write nothing. */
  auditor: Record<Database, string>;
}

export interface PostgresServer {
  spec: ProcessSpec;
  /** To be called once, when the server is ready: sets the run's passwords and creates roles and databases. */
  createDatabases(): Promise<void>;
  urls: PostgresUrls;
  /** Removes what lies outside the run folder. */
  cleanUp(): Promise<void>;
}

/** A PostgreSQL server with its data in the run folder, and passwords that only this run knows. */
export async function postgresServer(
  postgres: Postgres,
  runFolder: string,
  port: number,
): Promise<PostgresServer> {
  const place = await findPostgresPlace(postgres, runFolder);
  const password = newPassword();
  const passwords = forEach(ROLES, newPassword);
  const urls = (whoOf: (database: Database) => string) =>
    forEach(DATABASES, (database) => `postgres://${whoOf(database)}@127.0.0.1:${port}/${database}`);
  return {
    spec: postgresSpec(place, port),
    createDatabases: () => createDatabases(postgres.templatePassword, { password, passwords }, port),
    urls: {
      postgres: urls(() => `${POSTGRES_ROLE}:${password}`),
      postgresForServices: urls((database) => `${database}:${passwords[database]}`),
      auditor: urls(() => `auditor:${passwords.auditor}`),
    },
    cleanUp: place.cleanUp,
  };
}

const newPassword = (): string => randomBytes(24).toString('base64url');

const forEach = <Name extends string>(
  names: readonly Name[],
  of: (name: Name) => string,
): Record<Name, string> => Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, string>;

function postgresSpec({ programs, data, user }: PostgresPlace, port: number): ProcessSpec {
  const settings = Object.entries({ ...POSTGRES_SETTINGS, ...PLACE_SETTINGS, port }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  );
  return {
    name: 'postgres',
    command: path.join(programs, 'bin', 'postgres'),
    args: ['-D', data, ...settings],
    env: { PATH: process.env['PATH'], TZ: 'UTC', LC_ALL: 'C' },
    cwd: data,
    user,
    port,
    ready: async (starting) => {
      await starting.logLine(/database system is ready to accept connections/);
    },
    readyLimitMs: 60_000,
    restart: true,
    // "Fast": it does not wait for its clients to go, but ends in good order.
    stopSignal: 'SIGINT',
    stopGraceMs: 15_000,
    // "Immediate": no last checkpoint, but its shared memory is given back, as after SIGKILL it is not.
    orphanSignal: 'SIGQUIT',
    tier: 0,
  };
}

async function createDatabases(
  templatePassword: string,
  { password, passwords }: { password: string; passwords: Record<Role, string> },
  port: number,
): Promise<void> {
  const as = { host: '127.0.0.1', port, user: POSTGRES_ROLE, database: 'postgres' };
  const client = new pg.Client({ ...as, password: templatePassword });
  await client.connect();
  try {
    await client.query(`ALTER ROLE ${POSTGRES_ROLE} PASSWORD ${client.escapeLiteral(password)}`);
    // One by one: no database can be created in a transaction, which statements that come together are.
    for (const statement of await databaseStatements(passwords)) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The statements that create roles and databases, without what only psql understands. @throws for an unknown role */
export async function databaseStatements(passwords: Record<Role, string>): Promise<string[]> {
  const known = new Map<string, string>(Object.entries(passwords));
  const quoted = (role: string): string => {
    const password = known.get(role);
    if (password === undefined) throw new Error(`There is no password for ${role}`);
    return pg.escapeLiteral(password);
  };
  return (await readFile(DATABASES_FILE, 'utf8'))
    .replaceAll(/^(--|\\getenv ).*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
    .map((statement) => statement.replaceAll(/:'(\w+)_password'/g, (_, role: string) => quoted(role)));
}
