import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { identify, NotAnOperator, type PublicKeys } from '@doorbuster/operator';

export interface OperatorServer {
  url: string;
  close(): void;
}

/** An answer other than 200; its message becomes the problem's detail. */
export class Refusal extends Error {
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
  409: 'Conflict',
  413: 'Content Too Large',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

const BODY_MAX_BYTES = 262_144;
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000 };
/**
 * Where it can be found. A page of a stranger whose name is made to lead to this machine ("DNS rebinding") asks under its
 * own name, and gets nothing even if it knew the token.
 */
const OWN_HOST = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/;

export interface OperatorServerOptions {
  port: number;
  /** By these an operator's token is known. */
  keys: PublicKeys;
  /** What everybody may ask for; nothing if not said. */
  isOpen?: ((request: IncomingMessage) => boolean) | undefined;
  answer(request: IncomingMessage): Promise<unknown>;
}

/** Serves JSON over HTTP, on loopback only, to whoever holds an operator's token. */
export async function serveOperator({
  port,
  keys,
  isOpen = () => false,
  answer,
}: OperatorServerOptions): Promise<OperatorServer> {
  const answered = async (request: IncomingMessage): Promise<unknown> => {
    if (!OWN_HOST.test(request.headers.host ?? '')) throw new Refusal(421, 'nothing of that name is here');
    if (!isOpen(request)) await identify(keys, request.headers.authorization);
    return answer(request);
  };
  const server = createServer(LIMITS, (request, response) => {
    answered(request).then(
      (body) => send(response, 200, 'application/json', body),
      (error: unknown) => sendProblem(response, error),
    );
  });
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

/** The body of a request. @throws Refusal when it is too large or no JSON */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    // What is too much is read and forgotten: whoever stopped reading here would not be heard either.
    if (bytes <= BODY_MAX_BYTES) chunks.push(chunk);
  }
  if (bytes > BODY_MAX_BYTES) throw new Refusal(413, `a body may have ${BODY_MAX_BYTES} bytes`);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal(400, 'the body is no JSON');
  }
}

/** @throws Refusal when the request has none of these methods */
export function requireMethod({ method = '' }: IncomingMessage, ...methods: string[]): void {
  if (methods.includes(method)) return;
  throw new Refusal(405, `this address answers ${methods.join(' and ')} only`, methods.join(', '));
}

function sendProblem(response: ServerResponse, error: unknown): void {
  const detail = error instanceof Error ? error.message : String(error);
  const status = error instanceof Refusal ? error.status : error instanceof NotAnOperator ? 401 : 500;
  if (error instanceof Refusal && error.allow) response.setHeader('Allow', error.allow);
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  send(response, status, 'application/problem+json', {
    type: 'about:blank',
    title: TITLES[status],
    status,
    detail,
  });
}

function send(response: ServerResponse, status: number, type: string, body: unknown): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
