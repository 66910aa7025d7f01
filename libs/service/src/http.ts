import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestListener,
  type Server,
  ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pulse } from '@doorbuster/contracts';
import type { Mesh } from '@doorbuster/discovery';
import type { PublicKeys } from '@doorbuster/operator';
import express, { type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import { guard, limit, serverOptions } from './limits.ts';
import type { Logger } from './log.ts';
import { requireOperator } from './operator.ts';
import { notFound, Problem, problems, sendProblem } from './problem.ts';
import { observeRequests } from './request-telemetry.ts';
import { bringsTrace } from './sampling.ts';

/** The largest body that is read, in bytes: an order of 1,200 lines with the longest SKUs fits. */
export const bodyBytesMax = 262_144;

/** Reads JSON bodies up to the limit. */
export const json = (): RequestHandler => express.json({ limit: bodyBytesMax, type: 'application/json' });

type Method = 'get' | 'post' | 'put' | 'delete';

/** Serves one path: the methods that it has, and 405 with `Allow` for all others. */
export function resource(
  router: Pick<Router, 'route'>,
  path: string,
  handlers: Partial<Record<Method, RequestHandler[]>>,
): void {
  const route = router.route(path);
  const allowed = Object.keys(handlers).map((method) => method.toUpperCase());
  if (handlers.get) allowed.push('HEAD');
  for (const [method, handler] of Object.entries(handlers)) route[method as Method](handler);
  route.all((req) => {
    throw new Problem(405, `${req.method} is not possible here`, { headers: { Allow: allowed.join(', ') } });
  });
}

export interface AppOptions {
  /** Tells whether the instance should get work. */
  isReady(): boolean;
  routes: () => Router | undefined;
  /** By these an operator's token is known, which opens `/admin`; nobody may do that where there are none. */
  operatorKeys: PublicKeys | undefined;
  /** Browsers come here, so all answers, also those of the services behind it, bear the headers that protect them. */
  isDoor?: boolean | undefined;
  /** Tells how the instance does; the door does not tell it to everybody. */
  pulse?: (() => Promise<Pulse>) | undefined;
  /** Asked before anything else is done about a request; what it gives is the answer. */
  turnAway?: TurnAway | undefined;
  log: Pick<Logger, 'error' | 'warn' | 'info' | 'debug'>;
}

/** Says why a request is turned away at once, or nothing when it may come in. */
export type TurnAway = (req: IncomingMessage) => Problem | undefined;

/** The HTTP side that all services share: health, telemetry, the operator's door, problems instead of stack traces. */
export function createApp({
  isReady,
  routes,
  operatorKeys,
  isDoor = false,
  pulse,
  turnAway,
  log,
}: AppOptions): RequestListener {
  const app = express();
  const protection = isDoor ? protectiveHeaders() : {};
  app.disable('x-powered-by');
  app.disable('etag');
  serveHealth(app, isReady);
  if (pulse !== undefined)
    resource(app, '/pulse', { get: [async (_req, res) => void res.json(await pulse())] });
  app.use(observeRequests({ isDoor }));
  // Before any route, so that none under /admin can be forgotten.
  app.use('/admin', requireOperator(operatorKeys, log));
  app.use((req, res, next) => {
    const router = routes();
    if (router === undefined)
      throw new Problem(503, 'The service is starting', { headers: { 'Retry-After': '1' } });
    router(req, res, next);
  });
  app.use(notFound);
  app.use(problems(log));
  return (req, res) => {
    // Under a storm most are turned away, so it must cost next to nothing; who brings a trace sees it all the same.
    const problem = bringsTrace(req.headers) ? undefined : turnAway?.(req);
    if (problem !== undefined) return sendProblem(res, problem, protection);
    for (const name in protection) res.setHeader(name, protection[name] ?? '');
    app(req, res);
  };
}

/** Helmet's headers are the same for every answer, so it is asked for them once. */
function protectiveHeaders(): OutgoingHttpHeaders {
  const res = new ServerResponse({ method: 'GET' } as IncomingMessage);
  helmet()(res.req, res, () => undefined);
  return res.getHeaders();
}

/** No more than health, for those who cannot show a certificate. */
export function createHealthApp({ isReady, log }: Pick<AppOptions, 'isReady' | 'log'>): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  serveHealth(app, isReady);
  app.use(notFound);
  app.use(problems(log));
  return app;
}

function serveHealth(app: Pick<Router, 'route'>, isReady: () => boolean): void {
  resource(app, '/health/live', { get: [(_req, res) => void res.json({ status: 'live' })] });
  resource(app, '/health/ready', { get: [sayWhether(isReady)] });
}

const sayWhether =
  (isReady: () => boolean): RequestHandler =>
  (_req, res) => {
    const ready = isReady();
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' });
  };

/** A connection of the mesh lives no longer than this, in milliseconds: a certificate is good for days. */
const connectionAgeMaxMs = 300_000;

export interface Listening {
  server: Server;
  port: number;
}

/** Listens with every limit set, where there is a mesh only for those who belong to it; resolves with the port. */
export async function listen(
  app: RequestListener,
  host: string,
  port: number,
  mesh?: Pick<Mesh, 'serve'>,
): Promise<Listening> {
  const guarded = guard(app);
  const server =
    mesh?.serve({ ...serverOptions, connectionAgeMaxMs }, guarded) ?? createServer(serverOptions, guarded);
  limit(server);
  server.listen(port, host);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

const closeIdleMs = 50;
const closeLimitMs = 3_000;

/** Stops listening and waits for the requests that are under way; whoever takes longer than the limit is cut off. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // What was under way when the server closed leaves a connection that is kept alive; nobody else would close it.
  const idle = setInterval(() => server.closeIdleConnections(), closeIdleMs);
  const limit = setTimeout(() => server.closeAllConnections(), closeLimitMs);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
}
