import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamView } from '@doorbuster/contracts';
import { plainWire, type Watched, type Wire } from '@doorbuster/discovery';
import type { Logger } from '@doorbuster/service';
import type { Request, RequestHandler, Response } from 'express';
import { Agent, type buildConnector, type Dispatcher } from 'undici';
import { discard, readJson } from './answer.ts';
import type { Limits, Outgoing } from './attempt.ts';
import { createBodies } from './body.ts';
import { OtherStatus, toProblem } from './outcome.ts';
import { createProbe, type Probe } from './probe.ts';
import { type Answered, send } from './send.ts';
import { createUpstream, type Upstream } from './upstream.ts';

export interface Proxy {
  /** Reads the body of a request into `req.body`, as bytes, for who has to know of it before it is handed on. */
  readBody: RequestHandler;
  /** Hands requests on to a healthy instance of the service, and its answers back as they come. */
  to(service: string): RequestHandler;
  /** The same for answers that do not end by themselves, over connections that others do not wait for. */
  stream(service: string): RequestHandler;
  /**
   * Asks an instance of the service for something small.
   * @throws when it does not answer before the signal, and OtherStatus when it answers anything but 200
   */
  ask(service: string, path: string, signal: AbortSignal): Promise<unknown>;
  /** True when every service that is proxied to has an instance. */
  isReady(): boolean;
  /** What the door knows of the services behind it. */
  view(): UpstreamView[];
  close(): Promise<void>;
}

export interface ProxyOptions {
  watch(service: string): Watched;
  services: readonly string[];
  /** How they are called; plainly, if not said otherwise. */
  wire?: Wire;
  log: Logger;
  limits?: Partial<Limits>;
}

/**
 * An instance that is silent for a second is passed over, so a GET that waits for more than that is better off
 * elsewhere. A POST gets longer, because giving it up leaves open what it did.
 */
const defaultLimits: Limits = { tryMs: 1_000, answerMs: 5_000, totalMs: 15_000 };
const triesMax = 3;
/** A stream that says nothing for so long has missed three of its beats. */
const silenceMs = 30_000;
const connectMs = 1_000;
/** Headers that belong to one connection (RFC 9110, section 7.6.1), and the trace context, which goes on as ours. */
const perHop = new Set([
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
]);

/** The way to a service behind the door, with the connections to its instances. */
interface Way {
  upstream: Upstream;
  probe: Probe;
  agent: Agent;
  streams: Agent;
}

/** A reverse proxy over the instances that Consul calls healthy. It looks into no body, so it stays thin. */
export function createProxy({ watch, services, wire = plainWire, log, limits: own }: ProxyOptions): Proxy {
  const limits = { ...defaultLimits, ...own };
  const bodies = createBodies();
  const ways = new Map(services.map((service) => [service, openWay(service)]));

  function openWay(service: string): Way {
    const connect = wire.connectTo(service, connectMs);
    const probe = createProbe(service, wire);
    return {
      upstream: createUpstream(service, watch(service), probe, log),
      probe,
      agent: createAgent(128, connect),
      // As many as there are streams, which are counted where they come in.
      streams: createAgent(null, connect),
    };
  }

  function wayTo(service: string): Way {
    const way = ways.get(service);
    if (way === undefined) throw new Error(`Nobody watches ${service}`);
    return way;
  }

  const through =
    (service: string, via: 'agent' | 'streams'): RequestHandler =>
    async (req, res) => {
      const { upstream, [via]: agent } = wayTo(service);
      const outgoing = outgoingOf(req, res, Buffer.isBuffer(req.body) ? req.body : await bodies.read(req));
      upstream.came();
      const answered = await send(upstream, agent, outgoing, limits).catch((error) => {
        throw toProblem(error, service);
      });
      reply(res, answered);
    };

  return {
    async readBody(req, _res, next) {
      req.body = await bodies.read(req);
      next();
    },
    to: (service) => through(service, 'agent'),
    stream: (service) => through(service, 'streams'),
    async ask(service, path, signal) {
      // One try is enough: whoever asks by itself asks again soon, and takes nothing out of the clients' budget.
      const isGone = () => signal.aborted;
      const outgoing = { path, method: 'GET', triesMax: 1, isGone, signal } as const;
      const { upstream, agent } = wayTo(service);
      const { answer, one } = await send(upstream, agent, outgoing, limits);
      try {
        if (answer.statusCode === 200) return await readJson(answer);
        discard(answer);
        throw new OtherStatus(service, answer.statusCode);
      } finally {
        one.closed();
      }
    },
    isReady: () => [...ways.values()].every(({ upstream }) => upstream.isKnown()),
    view: () => [...ways.values()].map(({ upstream }) => upstream.view()),
    async close() {
      for (const { upstream } of ways.values()) upstream.close();
      const closing = [...ways.values()].flatMap(({ agent, streams, probe }) => [
        agent.close(),
        streams.destroy(),
        probe.close(),
      ]);
      await Promise.all(closing);
    },
  };
}

/** Limits on what is waited for are set per try, so the agent has none but that on a body that stops coming. */
const createAgent = (connections: number | null, connect: buildConnector.connector): Agent =>
  new Agent({
    connections,
    pipelining: 1,
    connect,
    headersTimeout: 0,
    bodyTimeout: silenceMs,
  });

function outgoingOf(req: Request, res: Response, body: Buffer | undefined): Outgoing {
  return {
    path: req.originalUrl,
    method: req.method as Dispatcher.HttpMethod,
    headers: forwarded(req.headers),
    body,
    triesMax,
    isGone: () => res.closed,
  };
}

const isEventStream = (headers: IncomingHttpHeaders): boolean =>
  /^text\/event-stream\b/i.test(headers['content-type'] ?? '');

/**
 * Hands the answer on as it comes; when either side ends or breaks off, so does the other. An answer has to be through
 * in time, but for a stream of events, which lasts as long as it lasts. A client that left does not undo its request:
 * only nobody is told what came of it.
 */
function reply(res: Response, { answer, one, endsAt }: Answered): void {
  const isStream = isEventStream(answer.headers);
  const headers = forwarded(answer.headers);
  // A stream is the last answer of its connection, so that stopping need not wait for the connection to be used again.
  if (isStream) headers.connection = 'close';
  res.writeHead(answer.statusCode, headers);
  if (isStream) res.flushHeaders();
  const limit =
    isStream || answer.isWhole()
      ? undefined
      : setTimeout(answer.abort, Math.max(0, endsAt - performance.now()));
  const over = () => {
    clearTimeout(limit);
    one.closed();
  };
  res.on('close', answer.abort);
  res.on('drain', answer.resume);
  answer.to({
    write: (chunk) => res.write(chunk),
    end(whole) {
      over();
      // As a string of bytes it leaves in one piece with the head; as a buffer it would be a second one.
      if (whole !== undefined) res.end(whole.toString('latin1'), 'latin1');
      else res.end();
    },
    fail() {
      over();
      res.destroy();
    },
  });
}

function forwarded(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept: IncomingHttpHeaders = {};
  for (const name in headers) if (!perHop.has(name)) kept[name] = headers[name];
  return kept;
}
