import { fileURLToPath } from 'node:url';
import { poll } from '../poll.ts';
import type { ProcessSpec } from '../process-spec.ts';

export interface ConsulPorts {
  http: number;
  /** Consul talks to itself through these two, even alone. */
  server: number;
  serf: number;
}

/** Who may call whom; containers are given the same file. */
export const INTENTIONS = fileURLToPath(new URL('../../servers/consul/intentions.hcl', import.meta.url));

/** One Consul agent in development mode: server, in memory, on loopback. */
export function consulServer(program: string, ports: ConsulPorts): ProcessSpec {
  const flags = {
    node: 'doorbuster',
    bind: '127.0.0.1',
    'http-port': ports.http,
    'server-port': ports.server,
    'serf-lan-port': ports.serf,
    'serf-wan-port': -1,
    'dns-port': -1,
    'grpc-port': -1,
    'grpc-tls-port': -1,
    'log-level': 'warn',
    'config-file': INTENTIONS,
    hcl: 'disable_update_check = true',
  };
  return {
    name: 'consul',
    command: program,
    args: ['agent', '-dev', ...Object.entries(flags).map(([flag, value]) => `-${flag}=${value}`)],
    env: process.env,
    port: ports.http,
    ready: async ({ signal }) => {
      const leader = () => hasLeader(ports.http, signal);
      await poll(leader, { what: 'a leader of Consul', limitMs: 30_000, signal });
    },
    readyLimitMs: 30_000,
    restart: true,
    stopGraceMs: 5000,
    tier: 0,
  };
}

async function hasLeader(port: number, signal: AbortSignal): Promise<true | undefined> {
  const url = `http://127.0.0.1:${port}/v1/status/leader`;
  const leader = await fetch(url, { signal })
    .then((response) => response.json())
    .catch(() => '');
  return typeof leader === 'string' && leader !== '' ? true : undefined;
}
