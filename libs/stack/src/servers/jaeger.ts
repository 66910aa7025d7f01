import { fileURLToPath } from 'node:url';
import { poll } from '../poll.ts';
import type { ProcessSpec } from '../process-spec.ts';
import { answers } from './answers.ts';

/** The same file that every other way to run the shop gives Jaeger. */
const CONFIGURATION = fileURLToPath(new URL('../../../../observability/jaeger.yaml', import.meta.url));

export interface JaegerPorts {
  query: number;
  queryGrpc: number;
  otlpHttp: number;
  otlpGrpc: number;
  /** Where Prometheus fetches all metrics. */
  metrics: number;
  health: number;
}

/** Jaeger with its traces in memory: receives OTLP, samples, stores, counts and answers queries in one process. */
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
      PROMETHEUS_EXPORTER_PORT: String(ports.metrics),
      JAEGER_HEALTH_PORT: String(ports.health),
      // Who looks at a shop on one machine wants every trace, and soon.
      TRACE_KEEP_PERCENT: '100',
      TRACE_DECISION_WAIT: '1s',
      // Or it traces itself, and takes ten seconds to stop.
      OTEL_TRACES_SAMPLER: 'always_off',
    },
    port: ports.query,
    ready: async ({ signal }) => {
      const healthy = () => answers(`http://127.0.0.1:${ports.health}/status`, signal);
      await poll(healthy, { what: "Jaeger's good health", limitMs: 30_000, signal });
    },
    readyLimitMs: 30_000,
    restart: true,
    stopGraceMs: 5000,
    tier: 0,
  };
}
