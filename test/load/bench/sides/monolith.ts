import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePorts, type ProcessSpec, type Servers, silentProgress, startServers } from '@doorbuster/stack';
import { readingPool } from '../../../audit/database.ts';
import { clientsFileOf } from '../../../audit/sources.ts';
import { databaseWork } from '../measure/database-work.ts';
import { probeEnvironment } from '../measure/probe-client.ts';
import { checkBooks } from '../monolith/check-books.ts';
import { common, portOf, type Side, type SideOptions } from './side.ts';

/** What may differ from the monolith that the shop is compared with. */
export interface MonolithVariant {
  /** Connections to its database. */
  pool: number;
  telemetry: boolean;
}

/** Of the pools that were tried this one is the best; `--variants` tries them again. */
export const comparedMonolith: MonolithVariant = { pool: 8, telemetry: true };

const root = path.resolve(import.meta.dirname, '../../../..');
const telemetry = pathToFileURL(path.join(root, 'libs/service/src/telemetry.ts')).href;
const main = path.join(root, 'test/load/bench/monolith/main.ts');
const readyLimitMs = 30_000;

/** Starts PostgreSQL as the shop has it, and the monolith; what the monolith does not need is not there. */
export async function startMonolithSide(options: SideOptions, variant = comparedMonolith): Promise<Side> {
  const { signal, probeFolder } = options;
  const servers = await startServers({ progress: silentProgress, signal });
  const { supervisor, postgres, runFolder } = servers;
  try {
    await Promise.all(['kafka', 'consul'].map((name) => supervisor.stop(name)));
    const [port = 0] = await freePorts(1);
    await supervisor.run(specOf(servers, options, variant, port));
    const database = readingPool(postgres.order);
    const historyFile = clientsFileOf(runFolder);
    return {
      name: 'monolith',
      target: `http://127.0.0.1:${port}`,
      confirmedBy: { kind: 'answer' },
      historyFile,
      supervisor,
      probeFolder,
      kafkaPort: undefined,
      postgresPort: portOf(postgres.order),
      async progress() {
        const { rows } = await database.query<{ count: number }>('select count(*) from notifications');
        return { notified: rows[0]?.count ?? 0, unfinished: 0 };
      },
      databaseWork: () => databaseWork(database),
      batches: async () => ({}),
      cancelled: async () => ({}),
      settle: async () => undefined,
      judge: () => checkBooks(database, historyFile),
      async stop() {
        await database.end();
        await servers.stop();
      },
    };
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

function specOf(
  { postgresForServices, otlp }: Servers,
  { catalogueFile, probeFolder }: SideOptions,
  variant: MonolithVariant,
  port: number,
): ProcessSpec {
  return {
    name: 'monolith-1',
    command: process.execPath,
    args: [...(variant.telemetry ? ['--import', telemetry] : []), main],
    env: {
      PATH: process.env['PATH'],
      ...probeEnvironment(probeFolder),
      INSTANCE: 'monolith-1',
      OTLP_URL: otlp,
      TRACE_SHARE: String(common.traceShare),
      DATABASE_URL: postgresForServices.order,
      DATABASE_POOL: String(variant.pool),
      CATALOGUE_FILE: catalogueFile,
      STOCK_PER_SKU: String(common.stockPerSku),
      IN_FLIGHT_MAX: String(common.inFlightMax),
    },
    cwd: root,
    port,
    ready: async (starting) => void (await starting.logLine(/"msg":"listening"/)),
    readyLimitMs,
    restart: false,
    stopGraceMs: 2_000,
    tier: 1,
  };
}
