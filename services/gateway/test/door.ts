import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Instance } from '@doorbuster/discovery';
import { problems } from '@doorbuster/service';
import express from 'express';
import { createProxy, type ProxyOptions } from '../src/proxy.ts';

/** A real server on loopback that stands for an instance, and every body that came to it. */
export interface TestInstance extends Instance {
  bodies: string[];
  requests: number;
  /** From now on it says nothing any more, as a process that was stopped. */
  hang(): void;
  close(): void;
}

/** What an instance does with what it gets, once it has read it. */
export type Behaviour = (...to: Parameters<RequestListener>) => void;

export const healthy: Behaviour = (_req, res) => void res.end('{}');
/** Accepts connections and never says anything. */
export const hung: Behaviour = () => undefined;
/** Hears, and says that it is ready, but answers nothing else. */
export const mute: Behaviour = () => undefined;
export const resetting: Behaviour = (req) => void req.socket.resetAndDestroy();
export const failing: Behaviour = (_req, res) => void res.writeHead(500).end('broken');

const servers: Server[] = [];

async function listen(listener: RequestListener): Promise<{ server: Server; origin: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Starts an instance. Whatever it does with requests, it says that it is ready, unless it hangs. */
export async function startInstance(
  id: string,
  behaviour: Behaviour,
  onHead: Behaviour = () => undefined,
): Promise<TestInstance> {
  const bodies: string[] = [];
  let hangs = behaviour === hung;
  const { server, origin } = await listen(async (req, res) => {
    if (req.url === '/health/ready') {
      if (!hangs) res.end();
      return;
    }
    instance.requests++;
    onHead(req, res);
    const body = await text(req as IncomingMessage).catch(() => undefined);
    if (body) bodies.push(body);
    if (!hangs) behaviour(req, res);
  });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  const hang = () => {
    hangs = true;
  };
  const instance = { id, origin, bodies, requests: 0, hang, close };
  return instance;
}

const doors: { close(): Promise<void> }[] = [];

/** Opens a door before a service with these instances. */
export async function openDoor(instances: readonly Instance[], limits: ProxyOptions['limits'] = {}) {
  const lines: object[] = [];
  const write = (fields: object) => void lines.push(fields);
  const log = { debug: write, info: write, warn: write, error: write } as never;
  const watch = () => ({ instances: () => instances, close: () => undefined });
  const proxy = createProxy({ watch, services: ['order'], log, limits });
  const app = express();
  app.all('/events', proxy.stream('order'));
  app.use(proxy.to('order'));
  app.use(problems(log));
  const { origin } = await listen(app);
  doors.push(proxy);
  const order = () => {
    const [view] = proxy.view();
    if (view === undefined) throw new Error('The door knows of no service');
    return view;
  };
  return { origin, proxy, lines, order };
}

/** Closes every door and every server of a test. */
export async function closeAll(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  await Promise.all(doors.splice(0).map((door) => door.close()));
}

/** Sends so many requests one after the other; gives their statuses. */
export async function statusesOf(count: number, ask: (n: number) => Promise<Response>): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n++) {
    const response = await ask(n);
    await response.text();
    statuses.push(response.status);
  }
  return statuses;
}
