/**
 * Looks into a process from within. The bench has it loaded into every Node process of both sides (`--import`), where
 * it counts what is written to which port and, when it is told to, profiles the processor. It costs a map look-up per
 * write and answers on a socket of its own, a line of JSON per command.
 */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { createServer, Socket } from 'node:net';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import type { Looked } from './probe-client.ts';

const writes = new Map<number, number>();

/** What every write of a socket comes through, corked or not; each call is one request to whoever listens there. */
const sockets: { _writeGeneric(this: Socket, ...args: unknown[]): unknown } = Object(Socket.prototype);
const { _writeGeneric: write } = sockets;
sockets._writeGeneric = function (...args) {
  const port = this.remotePort;
  if (port !== undefined) writes.set(port, (writes.get(port) ?? 0) + 1);
  return write.apply(this, args);
};

const session = new Session();

async function startProfile(): Promise<void> {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 1_000 });
  await session.post('Profiler.start');
}

async function stopProfile(file: string): Promise<void> {
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  await writeFile(file, JSON.stringify(profile));
}

function look(): Looked {
  const { active } = performance.eventLoopUtilization();
  return { writesByPort: Object.fromEntries(writes), eventLoopActiveMs: active };
}

async function obey(line: string): Promise<unknown> {
  const [command, argument = ''] = line.split(' ');
  if (command === 'start') return startProfile();
  if (command === 'stop') return stopProfile(argument);
  return look();
}

const { PROBE_FOLDER: folder = '', INSTANCE: instance = '' } = process.env;
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  createInterface({ input: socket }).on('line', (line) => {
    obey(line).then(
      (answer) => socket.end(`${JSON.stringify(answer ?? null)}\n`),
      (error) => socket.end(`${JSON.stringify({ error: String(error) })}\n`),
    );
  });
});
server.listen(path.join(folder, `${instance}.sock`)).unref();
