import { fileURLToPath } from 'node:url';
import { poll } from '../poll.ts';
import type { ProcessSpec } from '../process-spec.ts';

/** The same file that every other way to run the shop gives Jaeger. */
const CONFIGURATION = fileURLToPath(new URL('../../../../observability/jaeger.yaml', import.meta.url));

export interface JaegerPorts {
  query: number;
  queryGrpc: number;
  otlpHttp: number;
  otlpGrpc: number;
  health: number;
}

/** Jaeger with its traces in memory: receives OTLP, samples, stores and answers queries in one process. */
export function jaegerServer(program: string, ports: JaegerPorts): ProcessSpec {
  return {
    name: 'jaeger',
    command: program,
    args: ['--config', CONFIGURATION],
    env: {
      ...process.env,
      JAEGER_QUERY_PORT: String(ports.query),
      JAEGER_QUERY_GRPC_PORT: String(ports.queryGrpc),
      OTLP_HTTP_PORT: String(ports.otlpHttp),
      OTLP_GRPC_PORT: String(ports.otlpGrpc),
      JAEGER_HEALTH_PORT: String(ports.health),
      // Or it traces itself, and takes ten seconds to stop.
      OTEL_TRACES_SAMPLER: 'always_off',
    },
    port: ports.query,
    ready: async ({ signal }) => {
      const healthy = () => isHealthy(ports.health, signal);
      await poll(healthy, { what: "Jaeger's good health", limitMs: 30_000, signal });
    },
    readyLimitMs: 30_000,
    restart: true,
    stopGraceMs: 5000,
    tier: 0,
  };
}

async function isHealthy(port: number, signal: AbortSignal): Promise<true | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/status`, { signal }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ? true : undefined;
}
