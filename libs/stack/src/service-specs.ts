import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { poll } from './poll.ts';
import type { ProcessSpec, StartingProcess } from './process-spec.ts';

export const REPO_FOLDER = fileURLToPath(new URL('../../../', import.meta.url));

/** The world outside, which the services need: it starts before them. */
export const OUTSIDE = ['acquirer', 'mailbox'] as const;
/** The services that can be scaled, in the order in which they start. */
export const SCALED = ['order', 'inventory', 'payment', 'notification'] as const;
export type ScaledService = (typeof SCALED)[number];
export type ServiceName = (typeof OUTSIDE)[number] | ScaledService | 'gateway';

const TIER = { outside: 1, service: 2, gateway: 3 };
const HEAP_MB = 256;
/** For what lives only as long as a request: with 8 MB a request cost the gateway half as much again. */
const YOUNG_HEAP_MB = 32;
/** Node's own: it knows every file that was imported, ends the service in good order, and starts it again. */
export const WATCH = ['--watch', '--watch-preserve-output'];
const READY_LIMIT_MS = 60_000;
/** A service promises to stop within 10 s. */
const STOP_GRACE_MS = 12_000;

export interface ServiceStart {
  service: ServiceName;
  /** Such as payment-2; one of a kind is the first, gateway-1. */
  instance: string;
  port: number;
  env: NodeJS.ProcessEnv;
  /** The folder that has services/NAME/src/main.ts; tests put their own there. */
  repoFolder: string;
  /** Module loaded before the service: telemetry has to be there before what it observes. */
  preload?: string | undefined;
  /** Whether it is started again, on the same port, when a file changes that it has read. */
  watch?: boolean | undefined;
}

/** How one instance of a service is started, and when it counts as ready. */
export function serviceSpec(start: ServiceStart): ProcessSpec {
  const { service, instance, port, env, repoFolder, watch = false } = start;
  const preload = start.preload ?? path.join(repoFolder, 'libs/service/src/telemetry.ts');
  const main = path.join('services', service, 'src/main.ts');
  return {
    name: instance,
    command: process.execPath,
    args: [
      ...(watch ? WATCH : []),
      `--max-old-space-size=${HEAP_MB}`,
      `--max-semi-space-size=${YOUNG_HEAP_MB}`,
      '--import',
      pathToFileURL(preload).href,
      main,
    ],
    env: { ...basicEnvironment(), INSTANCE: instance, HOST: '127.0.0.1', LOG_LEVEL: 'info', ...env },
    cwd: repoFolder,
    port,
    ready: serviceReady,
    readyLimitMs: READY_LIMIT_MS,
    restart: true,
    stopGraceMs: STOP_GRACE_MS,
    tier: tierOf(service),
  };
}

function tierOf(service: ServiceName): number {
  if (service === 'gateway') return TIER.gateway;
  return OUTSIDE.some((name) => name === service) ? TIER.outside : TIER.service;
}

/** With mutual TLS only who has a certificate may ask at the first. */
const Listening = z.object({ port: z.number(), healthPort: z.number().optional() });

/** It says in its log on which port it listens; from then on, whether it is ready is its own to say. */
async function serviceReady(starting: StartingProcess): Promise<void> {
  const [line] = await starting.logLine(/^\{.*"msg":"listening".*\}$/);
  const { port, healthPort = port } = Listening.parse(JSON.parse(line));
  starting.listensOn(port);
  const ready = async () => {
    const url = `http://127.0.0.1:${healthPort}/health/ready`;
    const response = await fetch(url, { signal: starting.signal }).catch(() => undefined);
    await response?.body?.cancel();
    return response?.status === 200 ? true : undefined;
  };
  await poll(ready, { what: 'readiness', limitMs: READY_LIMIT_MS, signal: starting.signal });
}

/** A service's settings come from us alone; of our own environment it gets what any program needs. */
export function basicEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'NODE_EXTRA_CA_CERTS'];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]).filter(([, value]) => value));
}
