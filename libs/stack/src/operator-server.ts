import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

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
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

const BODY_MAX_BYTES = 262_144;

/** Serves JSON over HTTP, on loopback only, to whoever holds the operator's token. */
export async function serveOperator(
  port: number,
  token: string,
  answer: (request: IncomingMessage) => Promise<unknown>,
): Promise<OperatorServer> {
  const server = createServer((request, response) => {
    const answered = isAuthorised(request.headers.authorization, token)
      ? answer(request)
      : Promise.reject(new Refusal(401, 'the operator token is needed'));
    answered.then(
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
    if (bytes > BODY_MAX_BYTES) throw new Refusal(413, `a body may have ${BODY_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
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

/** Digests are of one length and are compared in constant time, so that no answer's time tells of the token. */
function isAuthorised(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}

function sendProblem(response: ServerResponse, error: unknown): void {
  const detail = error instanceof Error ? error.message : String(error);
  const status = error instanceof Refusal ? error.status : 500;
  if (error instanceof Refusal && error.allow) response.setHeader('Allow', error.allow);
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  send(response, status, 'application/problem+json', { title: TITLES[status], status, detail });
}

function send(response: ServerResponse, status: number, type: string, body: unknown): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
