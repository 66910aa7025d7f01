import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { poll } from '../poll.ts';
import type { ProcessSpec } from '../process-spec.ts';
import { answers } from './answers.ts';
import type { JaegerPorts } from './jaeger.ts';

/** The same folder that every other way to run the shop gives Prometheus. */
export const PROMETHEUS_CONFIGURATION = fileURLToPath(
  new URL('../../../../observability/prometheus', import.meta.url),
);
/** The flags that do not say where something is; a run, and what anybody asks about it, is over in hours. */
const SETTINGS = ['--storage.tsdb.retention.time=6h', '--log.level=warn'];

export interface PrometheusPlace {
  /** Gets the configuration and the data. */
  folder: string;
  port: number;
  jaeger: Pick<JaegerPorts, 'metrics'>;
}

/** Prometheus on loopback: fetches from Jaeger, which is the collector, and from itself. */
export async function prometheusServer(program: string, place: PrometheusPlace): Promise<ProcessSpec> {
  const { folder, port, jaeger } = place;
  await cp(PROMETHEUS_CONFIGURATION, folder, { recursive: true });
  await writeTargets(folder, { collector: jaeger.metrics, prometheus: port });
  return {
    name: 'prometheus',
    command: program,
    args: prometheusArgs({ folder, data: path.join(folder, 'data'), address: `127.0.0.1:${port}` }),
    env: process.env,
    port,
    ready: async ({ signal }) => {
      const isReady = () => answers(`http://127.0.0.1:${port}/-/ready`, signal);
      await poll(isReady, { what: 'Prometheus to be ready', limitMs: 30_000, signal });
    },
    readyLimitMs: 30_000,
    restart: true,
    stopGraceMs: 5000,
    tier: 0,
  };
}

/** How Prometheus is called, here and in containers. */
export function prometheusArgs(where: { folder: string; data: string; address: string }): string[] {
  return [
    `--config.file=${path.posix.join(where.folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${where.data}`,
    `--web.listen-address=${where.address}`,
    ...SETTINGS,
  ];
}

/** JSON is YAML too. */
async function writeTargets(folder: string, ports: Record<string, number>): Promise<void> {
  for (const [job, port] of Object.entries(ports)) {
    const targets = [{ targets: [`127.0.0.1:${port}`] }];
    await writeFile(path.join(folder, 'targets', `${job}.yml`), JSON.stringify(targets));
  }
}
