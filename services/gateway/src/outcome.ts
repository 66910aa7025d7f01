import type { IncomingHttpHeaders } from 'node:http';
import { type Outcome, Silent, Untrusted } from '@doorbuster/discovery';
import { Problem } from '@doorbuster/service';

/** Why a try was given up: its time was over. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

/** Why a try was given up: another instance may be quicker. */
export class Slow extends Error {
  override readonly name = 'Slow';
}

/** A service that was asked for something answered otherwise than with 200. */
export class OtherStatus extends Error {
  override readonly name = 'OtherStatus';
  readonly status: number;

  constructor(service: string, status: number) {
    super(`${service} answered ${status}`);
    this.status = status;
  }
}

/** Of these connections nothing has arrived anywhere. */
const refused = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT'];
const broken = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_OVERFLOW'];

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** What an error says about the instance. One that is not known to be its fault says nothing. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof TooLate) return 'broken';
  if (error instanceof Slow) return 'slow';
  if (error instanceof Untrusted) return 'refused';
  const code = codeOf(error);
  if (refused.includes(code)) return 'refused';
  return broken.includes(code) || /^(HPE|ERR_SSL)_/.test(code) ? 'broken' : 'dropped';
}

/**
 * True for an answer that says that the instance itself failed. A 503 that says when to come again is not one: it is
 * a decision, taken for the good of an instance that is full, and another instance would be no emptier for it.
 */
export const isFailure = (statusCode: number, headers: IncomingHttpHeaders): boolean =>
  statusCode >= 500 && !(statusCode === 503 && headers['retry-after'] !== undefined);

/**
 * What the client is told when no answer came. Only 503 means that nothing was taken; of a request that has left,
 * nobody knows what it did, and 502 and 504 say so.
 */
export function toProblem(error: unknown, service: string): unknown {
  const headers = { 'Retry-After': '1' };
  if (error instanceof OtherStatus) return new Problem(502, error.message, { headers });
  const unknown = 'a POST may be repeated with its key';
  if (error instanceof TooLate || error instanceof Silent) {
    return new Problem(504, `${service} did not answer in time; ${unknown}`, { headers });
  }
  switch (outcomeOf(error)) {
    case 'refused':
      return new Problem(503, `${service} cannot be reached; nothing was taken`, { headers });
    case 'broken':
      return new Problem(502, `${service} broke off; ${unknown}`, { headers });
    default:
      return error;
  }
}
