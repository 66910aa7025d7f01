import type { Door, HostileInfo } from './doors.ts';
import type { Heard, Sent } from './exchange.ts';

/** One thing that is tried. */
export interface Case {
  door: Door;
  /** What is sent, in words. */
  name: string;
  sent: Sent;
  /** GET if not said otherwise; the answer to HEAD has no body. */
  method?: string | undefined;
  expected: Expected;
}

export interface Expected {
  /** Which statuses the first answer may have; a later one may have any that is none of 5xx. */
  statuses: readonly number[];
  /** How many answers are waited for; 1 if not said otherwise. */
  answers?: number;
  /** Whether it is also right to end the connection without a word. */
  orCutOff?: boolean;
}

/** What became of a case: undefined stands for nothing, as who left or was cut off is told. */
export interface CaseResult {
  door: string;
  name: string;
  status: number | undefined;
  ms: number;
  /** Why it is not right, where it is not. */
  fault?: string | undefined;
}

export interface GroupContext {
  info: HostileInfo;
  doors: readonly Door[];
  seed: number;
  /** How many inputs are generated for each route that takes a body. */
  bodiesPerRoute: number;
}

/** Things of one kind, which are tried together. */
export interface Group {
  id: string;
  title: string;
  cases(context: GroupContext): Case[];
  /** How many connections at once; 16 if not said otherwise. */
  atOnce?: number;
  /** How long an answer is waited for, in milliseconds; 10,000 if not said otherwise. */
  limitMs?: number;
  /** Only where orders are taken after all: looks at them, and gives its complaints. Elsewhere all rows must stay as they are. */
  settle?(context: GroupContext, heard: ReadonlyMap<Case, Heard>): Promise<string[]>;
}

/** A request as a client would send it, with these headers besides. */
export function request(
  { address }: Door,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string | Buffer } = {},
): Sent {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const all = {
    Host: `${address.host}:${address.port}`,
    ...(bytes && { 'Content-Type': 'application/json', 'Content-Length': String(bytes.length) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return { pieces: [`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, ...(bytes ? [bytes] : [])] };
}
