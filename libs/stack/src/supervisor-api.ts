import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { freePorts } from './ports.ts';
import { INSTANCES_MAX, type Supervisor, UnknownName } from './supervisor.ts';

export interface SupervisorApi {
  url: string;
  close(): void;
}

/** An answer other than 200; its message becomes the problem's detail. */
class Refusal extends Error {
  readonly status: number;
  readonly allow: string | undefined;

  constructor(status: number, detail: string, allow?: string) {
    super(detail);
    this.status = status;
    this.allow = allow;
  }
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
};

const Scale = z.object({ instances: z.int().min(0).max(INSTANCES_MAX) });

/** Serves the supervisor over HTTP, on loopback only, to whoever holds the operator's token. */
export async function serveSupervisor(supervisor: Supervisor, operatorToken: string): Promise<SupervisorApi> {
  const server = createServer((request, response) => {
    answer(supervisor, operatorToken, request).then(
      (body) => send(response, 200, 'application/json', body),
      (error: unknown) => sendProblem(response, error),
    );
  });
  const [port = 0] = await freePorts(1);
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => listening());
  });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

async function answer(supervisor: Supervisor, token: string, request: IncomingMessage): Promise<unknown> {
  if (!isAuthorised(request.headers.authorization, token))
    throw new Refusal(401, 'the operator token is needed');
  // Names hold nothing that has to be escaped, so the path is taken as it comes.
  const [collection, name, action, ...more] = (request.url ?? '/').split('/').slice(1);
  if (collection === 'processes' && name === undefined) {
    requireMethod(request, 'GET');
    return { processes: supervisor.list() };
  }
  if (name === undefined || action === undefined || more.length > 0) throw noSuchAddress();
  if (collection === 'processes') return actOnProcess(supervisor, request, name, action);
  if (collection === 'services' && action === 'scale') {
    requireMethod(request, 'POST');
    const wanted = Scale.safeParse(await json(request).catch(() => undefined));
    if (!wanted.success)
      throw new Refusal(400, `instances must be a whole number from 0 to ${INSTANCES_MAX}`);
    await supervisor.scale(name, wanted.data.instances);
    return { processes: supervisor.list().filter((one) => one.name.startsWith(`${name}-`)) };
  }
  throw noSuchAddress();
}

async function actOnProcess(supervisor: Supervisor, request: IncomingMessage, name: string, action: string) {
  const actions = new Map<string, () => Promise<void> | void>([
    ['start', () => supervisor.start(name)],
    ['stop', () => supervisor.stop(name)],
    ['kill', () => supervisor.kill(name)],
    ['pause', () => supervisor.pause(name)],
    ['resume', () => supervisor.resume(name)],
    ['restart', () => supervisor.restart(name)],
  ]);
  const act = actions.get(action);
  if (!act) throw noSuchAddress();
  requireMethod(request, 'POST');
  await act();
  return supervisor.list().find((one) => one.name === name);
}

function requireMethod(request: IncomingMessage, method: string): void {
  if (request.method !== method) throw new Refusal(405, `this address answers ${method} only`, method);
}

function noSuchAddress(): Refusal {
  return new Refusal(404, 'there is nothing at this address');
}

/** Digests are of one length and are compared in constant time, so that no answer's time tells of the token. */
function isAuthorised(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}

function sendProblem(response: ServerResponse, error: unknown): void {
  const detail = error instanceof Error ? error.message : String(error);
  const status = error instanceof Refusal ? error.status : error instanceof UnknownName ? 404 : 500;
  if (error instanceof Refusal && error.allow) response.setHeader('Allow', error.allow);
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  send(response, status, 'application/problem+json', { title: TITLES[status], status, detail });
}

function send(response: ServerResponse, status: number, type: string, body: unknown): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
