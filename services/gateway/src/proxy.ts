import type { IncomingHttpHeaders } from 'node:http';
import {
  type Balancer,
  createBalancer,
  type Instance,
  type Watched,
  watchService,
} from '@doorbuster/discovery';
import { bodyBytesMax, type Logger, Problem } from '@doorbuster/service';
import type { Request, RequestHandler, Response } from 'express';
import { Agent, type Dispatcher, errors } from 'undici';

export interface Proxy {
  /** Hands requests on to a healthy instance of the service, body and answer as streams. */
  to(service: string): RequestHandler;
  /** Asks an instance of the service for something small. @throws when none answers before the signal */
  ask(service: string, path: string, signal: AbortSignal): Promise<unknown>;
  /** True when every service that is proxied to has an instance. */
  isReady(): boolean;
  close(): Promise<void>;
}

interface Upstream {
  watched: Watched;
  balancer: Balancer;
}

const answerLimitMs = 15_000;
/** Of a connection that was refused nothing has arrived, so another instance can be tried with any request. */
const triesMax = 3;
const refused = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
/** Headers that belong to one connection (RFC 9110, section 7.6.1), and the trace context, which goes on as ours. */
const perHop = [
  'traceparent',
  'tracestate',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'host',
  'expect',
];

/** A reverse proxy over the instances that Consul calls healthy. It reads no body, so it stays thin. */
export function createProxy(consulUrl: string, services: string[], log: Logger): Proxy {
  const agent = new Agent({
    connections: 128,
    pipelining: 1,
    connect: { timeout: 1_000 },
    headersTimeout: answerLimitMs,
    bodyTimeout: answerLimitMs,
  });
  const upstreams = new Map(
    services.map((service): [string, Upstream] => {
      const watched = watchService(consulUrl, service, log);
      return [service, { watched, balancer: createBalancer(watched) }];
    }),
  );

  function upstreamOf(service: string): Upstream {
    const upstream = upstreams.get(service);
    if (upstream === undefined) throw new Error(`Nobody watches ${service}`);
    return upstream;
  }

  function pick(service: string): Instance {
    const instance = upstreamOf(service).balancer.pick();
    if (instance !== undefined) return instance;
    throw new Problem(503, `No instance of ${service} is healthy`, { headers: { 'Retry-After': '1' } });
  }

  /** Sends the request to one instance after the other, as long as they refuse the connection. */
  async function send(service: string, options: Omit<Dispatcher.RequestOptions, 'origin'>) {
    for (let tried = 1; ; tried++) {
      const instance = pick(service);
      try {
        return await agent.request({ ...options, origin: instance.origin });
      } catch (error) {
        if (!isRefused(error)) throw error;
        upstreamOf(service).balancer.eject(instance);
        log.warn({ instance: instance.id }, 'Connection refused; passed over for a while');
        if (tried === triesMax) throw error;
      }
    }
  }

  return {
    to: (service) => async (req, res) => {
      const answer = await send(service, {
        path: req.originalUrl,
        method: req.method as Dispatcher.HttpMethod,
        headers: forwarded(req.headers),
        body: hasBody(req) ? limited(req) : null,
      }).catch((error) => {
        throw toProblem(error, service);
      });
      reply(res, answer);
    },
    async ask(service, path, signal) {
      const { statusCode, body } = await send(service, { path, method: 'GET', signal });
      if (statusCode === 200) return body.json();
      await body.dump();
      throw new Error(`${service} answered ${statusCode}`);
    },
    isReady: () => [...upstreams.values()].every(({ watched }) => watched.instances().length > 0),
    async close() {
      for (const { watched } of upstreams.values()) watched.close();
      await agent.close();
    },
  };
}

/** Streams the answer on. A client that left does not undo its request: only nobody is told what came of it. */
function reply(res: Response, { statusCode, headers, body }: Dispatcher.ResponseData): void {
  res.status(statusCode);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !perHop.includes(name)) res.setHeader(name, value);
  }
  body.on('error', () => res.destroy());
  res.on('close', () => body.destroy());
  body.pipe(res);
}

function forwarded(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !perHop.includes(name)));
}

const hasBody = ({ headers }: Request): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/** Refuses a body that says it is too large. One that does not say is cut off by whoever parses it. */
function limited(req: Request): Request {
  if (Number(req.headers['content-length'] ?? 0) > bodyBytesMax) {
    throw new Problem(413, `A body may have ${bodyBytesMax} bytes`);
  }
  return req;
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && refused.has(String(error.code));
}

/** What the client is told when no answer came. After the request has left, nobody knows what it did. */
function toProblem(error: unknown, service: string): unknown {
  if (error instanceof Problem) return error;
  const headers = { 'Retry-After': '1' };
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return new Problem(504, `${service} did not answer in time; a POST may be repeated with its key`, {
      headers,
    });
  }
  if (error instanceof Error && 'code' in error) {
    return new Problem(503, `${service} could not answer; a POST may be repeated with its key`, { headers });
  }
  return error;
}
