import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';

/** An answer that says no: RFC 9457, "Problem Details for HTTP APIs". */
export interface ProblemBody {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  errors?: { pointer: string; detail: string }[];
}

/**
 * Thrown by a handler to answer with a problem document. It is an answer and no accident, so it has no stack: taking one
 * down costs more than all the rest of turning somebody away, and under a storm most are turned away.
 */
export class Problem extends Error {
  readonly status: number;
  readonly errors: ProblemBody['errors'];
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    detail: string,
    { errors, headers = {} }: { errors?: ProblemBody['errors']; headers?: Record<string, string> } = {},
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(detail);
    Error.stackTraceLimit = stackTraceLimit;
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Writes a problem document, with these headers besides its own. */
export function sendProblem(
  res: ServerResponse,
  { status, message, errors, headers }: Problem,
  more: OutgoingHttpHeaders = {},
): void {
  const title = titles[status] ?? 'Error';
  const body: ProblemBody = {
    type: 'about:blank',
    title,
    status,
    detail: message,
    ...(errors && { errors }),
  };
  const text = JSON.stringify(body);
  res.writeHead(status, {
    ...more,
    ...headers,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  res.end(text);
}

/** Validates what a client sent. @throws Problem 422 that names every wrong field */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw unprocessable(result.error);
}

/** The answer to a body, or to the part of it at `pointer`, that does not match its schema. */
export function unprocessable({ issues }: z.ZodError, pointer = ''): Problem {
  const errors = issues.slice(0, 20).map(({ path, message }) => ({
    pointer: `${pointer}/${path.join('/')}`,
    detail: message,
  }));
  return new Problem(422, 'The body is not what this address takes', { errors });
}

/** Validates what stands behind the question mark. @throws Problem 400 that names every wrong parameter */
export function parseQuery<T extends z.ZodType>(schema: T, query: unknown): z.infer<T> {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  const wrong = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Problem(400, `The query makes no sense: ${wrong.join('; ')}`);
}

/** Of any charset but that of JSON, which needs none said: in UTF-7 a body means what nobody sees in it. */
const otherCharset = /;\s*charset\s*=\s*"?(?!utf-8\b)/i;

/** Refuses a body that is not JSON before anybody reads it. */
export const requireJson: RequestHandler = (req, _res, next) => {
  const isJson = req.is('application/json') === 'application/json';
  if (!isJson || otherCharset.test(req.get('content-type') ?? '')) {
    throw new Problem(415, 'This address takes application/json, in UTF-8');
  }
  next();
};

/** Answers for paths that nobody serves. */
export const notFound: RequestHandler = (req) => {
  throw new Problem(404, `There is nothing at ${req.path.slice(0, 200)}`);
};

/** Turns whatever was thrown into a problem document; only what was meant for the client is told to it. */
export const problems =
  (log: { error(fields: object, message: string): void }): ErrorRequestHandler =>
  (error, _req, res, _next) => {
    const problem = toProblem(error, log);
    // Who has heard the beginning of another answer can only be cut off.
    if (res.headersSent) res.destroy();
    else sendProblem(res, problem);
  };

function toProblem(error: unknown, log: { error(fields: object, message: string): void }): Problem {
  if (error instanceof Problem) return error;
  // body-parser and the router mark their errors with the status, and with `expose` where the client may know.
  const known = z.object({ status: z.int().min(400).max(499), message: z.string() }).safeParse(error);
  if (known.success) return new Problem(known.data.status, known.data.message);
  log.error({ error: error instanceof Error ? error.stack : String(error) }, 'A request failed');
  return new Problem(500, 'Something went wrong here; nothing was changed that you were told of');
}
