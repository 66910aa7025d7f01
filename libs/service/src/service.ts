import { setTimeout as delay } from 'node:timers/promises';
import type { Pulse } from '@doorbuster/contracts';
import { enterMesh, plainWire, register, type Wire } from '@doorbuster/discovery';
import { type Pipeline, type PipelineOptions, startPipeline, type Versioned } from '@doorbuster/pipeline';
import type { Router } from 'express';
import type { Pool } from 'pg';
import type { z } from 'zod';
import { addressOf } from './address.ts';
import { adminRoutes } from './admin.ts';
import {
  type DatabaseConfig,
  type DiscoveryConfig,
  type MessagingConfig,
  type OperatorConfig,
  readConfig,
  type ServiceConfig,
} from './config.ts';
import { createPool, migrate } from './database.ts';
import { closeServer, createApp, createHealthApp, listen, type TurnAway } from './http.ts';
import { followSettings } from './live-settings.ts';
import { createLog, type Logger } from './log.ts';
import { createPulse } from './pulse.ts';
import { followTraceShare } from './sampling.ts';
import type { ConfigSchema, Settings } from './settings.ts';

type AnyConfig = z.infer<typeof ServiceConfig> &
  Partial<z.infer<typeof DatabaseConfig>> &
  Partial<z.infer<typeof MessagingConfig>> &
  Partial<z.infer<typeof DiscoveryConfig>> &
  Partial<z.infer<typeof OperatorConfig>>;

/** What only this service can say of its pipeline. */
export type PipelineParts<State extends Versioned, Request, Answer> = Omit<
  PipelineOptions<State, Request, Answer>,
  'service' | 'database' | 'databaseUrl' | 'kafka' | 'log' | 'onFatal'
>;

/**
 * The settings that can be live: the service's own. Those that all services share are read once, at the start, and
 * hold what nobody may read in a log; only the share of traces is live everywhere, of itself.
 */
type OwnName<Config> = Exclude<keyof Config & string, keyof AnyConfig>;

/** What a service has in hand when it starts. */
export interface Context<Config, Live extends keyof Config = never> {
  /** What was read at the start. Live settings are not in it: whoever took them from here would keep an old value. */
  config: Omit<Config, Live>;
  /** The live settings, as they are now. */
  settings: Settings<Config, Live>;
  log: Logger;
  /** How other services are called. */
  wire: Wire;
  /** How this instance does, as it tells everybody who asks for its `/pulse`. */
  pulse(): Promise<Pulse>;
  /** The service's own database, brought to its schema. @throws where the service has no DATABASE_URL */
  database: Pool;
  /** Starts the pipeline; it is closed in order when the service stops. */
  startPipeline<State extends Versioned, Request = never, Answer = never>(
    parts: PipelineParts<State, Request, Answer>,
  ): Promise<Pipeline<State, Request, Answer>>;
}

/** What a service gives back: what it serves, and what else has to be asked or closed. */
export interface Parts {
  routes: Router;
  isReady?(): boolean;
  /** Asked of every request before anything else is done about it. */
  turnAway?: TurnAway;
  /** Ends the answers that never end by themselves, such as event streams; the listener is closed by then. */
  drain?(): Promise<void>;
  close?(): Promise<void>;
}

export interface ServiceOptions<Config, Live extends OwnName<Config>> {
  name: string;
  config: ConfigSchema<Config>;
  /** The settings that may be set in Consul while the service runs; see docs/patterns/live-settings.md. */
  live?: readonly Live[];
  /** Plain SQL files, run in their order at the start. */
  migrations?: URL;
  /** Whether browsers come here. */
  isDoor?: boolean;
  start(context: Context<Config, Live>): Promise<Parts>;
}

const drainMs = 1_000;
const stopLimitMs = 10_000;

/**
 * Runs one instance: configuration, log, database, HTTP, registration, and a stop that loses nothing. What is
 * asked for while the service starts or stops is answered with 503, never with silence.
 */
export async function runService<Config extends AnyConfig, Live extends OwnName<Config> = never>(
  options: ServiceOptions<Config, Live>,
): Promise<void> {
  const { name, migrations, start, isDoor, live = [] } = options;
  const config = readConfig(options.config);
  const { DATABASE_URL: databaseUrl, KAFKA_BROKERS: brokers, CONSUL_URL: consulUrl } = config;
  const { HEALTH_PORT: healthPort } = config;
  const log = createLog(config.INSTANCE, config.LOG_LEVEL);
  const pool =
    databaseUrl === undefined ? undefined : createPool(databaseUrl, config.DATABASE_POOL ?? 5, log);
  const mesh =
    consulUrl === undefined || config.MESH !== 'consul' ? undefined : enterMesh(consulUrl, name, log);
  let parts: Parts | undefined;
  let pipeline: Pick<Pipeline<never>, 'isReady' | 'close' | 'deadLetters' | 'actions'> | undefined;
  let stopping = false;

  const isReady = () =>
    !stopping &&
    parts !== undefined &&
    (mesh?.isReady() ?? true) &&
    (pipeline?.isReady() ?? true) &&
    (parts.isReady?.() ?? true);
  const routes = () => parts?.routes;
  const turnAway: TurnAway = (req) => parts?.turnAway?.(req);
  const pulse = createPulse(config.INSTANCE, async () => (await import('./telemetry.ts')).collectMetrics());
  const app = createApp({
    isReady,
    routes,
    operatorKeys: config.OPERATOR_PUBLIC_KEYS,
    isDoor,
    pulse: isDoor ? undefined : pulse,
    turnAway,
    log,
  });
  // Browsers have no certificates: what is before the door is no part of the mesh.
  const { server, port } = await listen(app, config.HOST, config.PORT, isDoor ? undefined : mesh);
  const health =
    healthPort === undefined && (isDoor || mesh === undefined)
      ? undefined
      : await listen(createHealthApp({ isReady, log }), config.HOST, healthPort ?? 0);
  log.info({ port, healthPort: health?.port ?? port }, 'listening');
  const settings = followSettings({
    service: name,
    live: [...live, 'TRACE_SHARE'],
    environment: config,
    schema: options.config,
    consulUrl,
    log,
  });
  followTraceShare(() => settings.get('TRACE_SHARE'));
  const { meta } = settings;
  const registered =
    consulUrl === undefined
      ? undefined
      : register(
          consulUrl,
          {
            name,
            id: config.INSTANCE,
            host: addressOf(config.HOST),
            port,
            healthPort: health?.port ?? port,
            healthPath: '/health/ready',
            meta,
          },
          log,
        );

  async function stop(signal: string): Promise<void> {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'Stopping');
    setTimeout(() => exit(log, 'Stopping took too long', 1), stopLimitMs).unref();
    settings.close();
    await registered?.close();
    // Whoever watches Consul learns of it now; until then this instance still serves.
    await delay(drainMs);
    const closed = closeServer(server);
    await parts?.drain?.();
    await closed;
    await pipeline?.close();
    await parts?.close?.();
    if (health !== undefined) await closeServer(health.server);
    mesh?.close();
    const { stopTelemetry } = await import('./telemetry.ts');
    await stopTelemetry();
    await pool?.end();
    exit(log, 'Stopped', 0);
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  process.on('unhandledRejection', (error) => fatal(log, error));
  process.on('uncaughtException', (error) => fatal(log, error));

  if (databaseUrl !== undefined && migrations !== undefined) {
    await migrate(databaseUrl, { service: migrations, withPipeline: brokers !== undefined }, log);
  }
  await settings.asked;
  parts = await start({
    config,
    settings,
    log,
    wire: mesh?.wire ?? plainWire,
    pulse,
    get database() {
      if (pool === undefined) throw new Error(`${name} has no DATABASE_URL`);
      return pool;
    },
    async startPipeline(own) {
      if (pool === undefined || databaseUrl === undefined || brokers === undefined) {
        throw new Error(`${name} has a pipeline, so it needs DATABASE_URL and KAFKA_BROKERS`);
      }
      const kafka = { brokers, clientId: config.INSTANCE, log };
      const started = await startPipeline({
        ...own,
        service: name,
        database: pool,
        databaseUrl,
        kafka,
        log,
        onFatal: (error) => fatal(log, error),
      });
      pipeline = started;
      return started;
    },
  });
  if (pipeline !== undefined) parts.routes.use(`/admin/${name}`, adminRoutes(pipeline));
  log.info({}, 'Started');
}

/** A state that nobody foresaw: the supervisor starts the process afresh, and nothing that is committed is lost. */
function fatal(log: Logger, error: unknown): void {
  log.error({ error: error instanceof Error ? error.stack : String(error) }, 'Cannot go on');
  exit(log, 'Exit', 1);
}

function exit(log: Logger, why: string, code: number): void {
  log.info({}, why);
  log.flush();
  process.exit(code);
}
