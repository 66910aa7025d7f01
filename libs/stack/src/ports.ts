import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { cacheRoot } from './cache.ts';
import { ownerOf, tryLock } from './lock-file.ts';
import { watchdog } from './watchdog.ts';

/**
 * Below the ports that systems hand out to outgoing connections (from 32768 on Linux, 49152 elsewhere), so
 * that no connection can take a port between our look and the server's start.
 */
const FIRST_PORT = 20_000;
const BLOCKS = 240;
const BLOCK_SIZE = 50;

/** The ports people know by heart; what listens there can be looked at in a browser. */
export const PREFERRED_PORTS = {
  gateway: 8080,
  mailbox: 1080,
  consul: 8500,
  jaeger: 16686,
  prometheus: 9090,
};

let next = 0;

/**
 * Ports of 127.0.0.1 on which nobody listens. Each launcher looks in a block of its own, picked by its pid,
 * so that two that start at the same moment do not find the same ones.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  const start = FIRST_PORT + (process.pid % BLOCKS) * BLOCK_SIZE;
  for (let tried = 0; ports.length < count; tried++) {
    if (tried > BLOCKS * BLOCK_SIZE) throw new Error('no free port on 127.0.0.1');
    const port = FIRST_PORT + ((start - FIRST_PORT + next++) % (BLOCKS * BLOCK_SIZE));
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

/** The preferred port if nobody has it, else a free one, which is told. */
export async function preferredPort(preferred: number, onTaken = (_: number) => {}): Promise<number> {
  if ((await isFree(preferred)) && reserve(preferred)) return preferred;
  const [port = 0] = await freePorts(1);
  onTaken(port);
  return port;
}

/** Keeps another shop from preferring the same port before a server of ours listens on it. */
function reserve(port: number): boolean {
  const file = path.join(cacheRoot(), 'ports', String(port));
  if (ownerOf(file)?.pid === process.pid) return true;
  if (!tryLock(file)) return false;
  watchdog.releaseAtEnd(file);
  return true;
}

async function isFree(port: number): Promise<boolean> {
  const server: Server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
