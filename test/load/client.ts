import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import type { ClientOrder } from './orders.ts';

/** What a client was told. No answer, and an answer that leaves it open, is unknown, never failed. */
export interface Answer {
  outcome: 'ok' | 'shed' | 'rejected' | 'unknown';
  status: number | null;
  orderId: string | null;
  replayed: boolean;
}

export interface Client {
  post(order: ClientOrder): Promise<Answer>;
  close(): Promise<void>;
}

const unknown: Answer = { outcome: 'unknown', status: null, orderId: null, replayed: false };
const timeoutMs = 15_000;

/** Speaks to the door over a bounded number of connections; what does not fit waits, and its clock runs on. */
export function createClient(gateway: string, connections = 128): Client {
  const pool = new Pool(gateway, {
    connections,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connectTimeout: 5_000,
  });
  return {
    post: (order) => post(pool, order),
    close: () => pool.destroy(),
  };
}

/**
 * Takes undici's events as they come: a stream and a promise for each answer cost the client as much as the rest of the
 * request, on processors that the shop needs.
 */
function post(pool: Pool, { key, body, traceparent }: ClientOrder): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': key,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  return new Promise((resolve) => {
    let answer = unknown;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart(_controller, status, answered) {
        answer = answerOf(status, answered);
      },
      onResponseData: () => undefined,
      onResponseEnd: () => resolve(answer),
      onResponseError: () => resolve(unknown),
    };
    pool.dispatch({ method: 'POST', path: '/orders', headers, body }, handler);
  });
}

function answerOf(status: number, headers: IncomingHttpHeaders): Answer {
  const location = String(headers['location'] ?? '');
  const orderId = status < 300 ? location.slice(location.lastIndexOf('/') + 1) || null : null;
  const outcome = outcomeOf(status, headers['retry-after'] !== undefined);
  return { outcome, status, orderId, replayed: headers['idempotent-replayed'] === 'true' };
}

/** Only an answer that says when to come again is shedding; any other 5xx leaves open whether the order was taken. */
function outcomeOf(status: number, saysWhen: boolean): Answer['outcome'] {
  if (status < 300) return 'ok';
  if ((status === 429 || status === 503) && saysWhen) return 'shed';
  return status < 500 ? 'rejected' : 'unknown';
}
