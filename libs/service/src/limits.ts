import { type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem, sendProblem } from './problem.ts';

/** Of the request line and all headers together, in bytes, and of headers, in number. */
const headBytesMax = 16_384;
const headersMax = 100;
/** RFC 9110, section 4.1, asks for 8,000 at least. */
const addressBytesMax = 8_192;
/** Requests of one connection that may wait for the answer to the one before them. */
const pipelinedMax = 16;
/** As many clients as may ever follow orders live at one instance (10,000), and 2,000 who ask for something else. */
const connectionsMax = 12_000;

/** What Node watches by itself. Its own look at who is slow comes every 30 s, which would make 40 s of the first limit. */
export const serverOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: headBytesMax,
  // A second Host is told by `guard`, and a second header of any other name is none that anybody understands.
  requireHostHeader: false,
  joinDuplicateHeaders: true,
};

/** A connection on which nothing moves, in milliseconds: streams of events beat far more often. */
const stillMs = 60_000;

/** Sets what cannot be said when a server is made, and answers what is no request. */
export function limit(server: Server): void {
  server.maxHeadersCount = headersMax;
  server.maxConnections = connectionsMax;
  // How often a connection is used does not matter: what is bounded is how many there are, and how long they idle.
  server.maxRequestsPerSocket = 0;
  server.timeout = stillMs;
  server.on('clientError', answerBroken);
  server.on('checkExpectation', (_req, res) => refuse(res, new Problem(417, 'This cannot be expected here')));
}

/** The last answer that was begun on a connection, or is to be. */
const latest = new WeakMap<Duplex, ServerResponse>();
/** How many requests of a connection wait for the answer to the one before them. */
const waiting = new WeakMap<Duplex, number>();

/** Refuses what Node lets through and nobody behind it should have to think about. */
export const guard =
  (app: RequestListener): RequestListener =>
  (req, res) => {
    latest.set(req.socket, res);
    const problem = refusal(req) ?? (res.socket === null ? queue(req, res) : undefined);
    if (problem === undefined) return app(req, res);
    return refuse(res, problem);
  };

/** Answers, and ends the connection: whoever sends such a thing may have meant more than one request by it. */
function refuse(res: ServerResponse, problem: Problem): void {
  res.shouldKeepAlive = false;
  sendProblem(res, problem);
}

const host = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

function refusal({ httpVersion, headers, url = '' }: IncomingMessage): Problem | undefined {
  // Node reads what says that it is HTTP/0.9 or HTTP/2.0 as if it were HTTP/1.1.
  if (httpVersion !== '1.1' && httpVersion !== '1.0')
    return new Problem(400, 'This is HTTP/1.1 and HTTP/1.0 only');
  if (headers.host === undefined ? httpVersion === '1.1' : !host.test(headers.host))
    return new Problem(400, 'The header Host is required, once, and names a host');
  const { 'transfer-encoding': coding } = headers;
  // Whoever understands such a body otherwise than we do would see another request in it: RFC 9112, section 6.1.
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || httpVersion !== '1.1'))
    return new Problem(400, 'The only Transfer-Encoding here is `chunked`, of HTTP/1.1');
  if (url.length > addressBytesMax) return new Problem(414, `An address may have ${addressBytesMax} bytes`);
  return undefined;
}

/** Node takes requests as fast as a connection brings them, and keeps their answers until their turn comes. */
function queue({ socket }: IncomingMessage, res: ServerResponse): Problem | undefined {
  const count = waiting.get(socket) ?? 0;
  if (count >= pipelinedMax)
    return new Problem(429, 'Too many requests wait on this connection', { headers: { 'Retry-After': '1' } });
  waiting.set(socket, count + 1);
  res.on('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
  return undefined;
}

const broken: Record<string, [status: number, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, `A head may have ${headBytesMax} bytes and ${headersMax} headers`],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunks say too much of themselves'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive'],
};

/**
 * Answers what could not be read to its end, as far as an answer can still be understood, and ends the connection: nobody
 * knows where the next request would begin.
 */
function answerBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  const res = socket.writable ? answerOn(socket) : undefined;
  if (res === undefined) return void socket.destroy();
  const [status, detail] = broken[error.code ?? ''] ?? [400, 'This is not a request as HTTP/1.1 has it'];
  res.on('finish', () => socket.destroy());
  refuse(res, new Problem(status, detail));
}

/**
 * The answer in which that can be said: a new one where nothing is under way, or that of the request whose body broke.
 * A whole request that waits must not get what is meant for the one after it.
 */
function answerOn(socket: Duplex): ServerResponse | undefined {
  const last = latest.get(socket);
  if (last !== undefined && !last.writableFinished)
    return last.req.complete || last.headersSent || last.socket === null ? undefined : last;
  const res = new ServerResponse({
    method: 'GET',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
  } as IncomingMessage);
  res.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0]);
  return res;
}
