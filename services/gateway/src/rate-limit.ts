import { Problem } from '@doorbuster/service';
import type { Request, RequestHandler, Response } from 'express';
import { shedOrders } from './metrics.ts';

/** How much one client may ask for: so many a second on average, and so many at once after a rest. */
export interface RateLimit {
  perS: number;
  burst: number;
}

export interface RateLimits {
  /** Of new orders, for each customer. After the body was read. */
  orders: RequestHandler;
  /** Of everything else, for each address. */
  others: RequestHandler;
}

interface RateLimitOptions {
  orders(): RateLimit;
  others(): RateLimit;
  /** How many proxies of ours a request comes through, each of which adds an address to `X-Forwarded-For`. */
  proxies: number;
}

/**
 * Keeps one greedy client from taking what is there for all. A customer is who the order says it is: whoever makes up
 * new ones is stopped by admission, which counts all orders. Answers tell what is left, in the fields of the IETF's
 * draft "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers-10).
 */
export function createRateLimits({ orders, others, proxies }: RateLimitOptions): RateLimits {
  const customers = createBuckets(orders);
  const addresses = createBuckets(others);
  return {
    orders(req, res, next) {
      const customer = customerIn(req.body);
      // Who names no customer gets no order either.
      if (customer !== undefined && !tell(res, 'orders', orders(), customers(customer))) {
        shedOrders.add(1, { reason: 'A customer orders too fast' });
        throw tooFast('Too many orders of one customer');
      }
      next();
    },
    others(req, res, next) {
      const isOrder = req.method === 'POST' && req.path === '/orders';
      if (!isOrder && !tell(res, 'requests', others(), addresses(addressOf(req, proxies))))
        throw tooFast('Too many requests from one address');
      next();
    },
  };
}

/** What a client has left. */
export interface Allowance {
  isAllowed: boolean;
  remaining: number;
  /** Until there is something again, and until everything is, in seconds. */
  waitS: number;
  fullS: number;
}

/** Of so many clients a bucket is kept. One that is forgotten is full, so at worst somebody gets more. */
const clientsMax = 50_000;

/**
 * A token bucket for each client, of which only the moment is kept at which it is full again: the Generic Cell Rate
 * Algorithm (ITU-T I.371, annex A). No timer, no work for who does not ask.
 */
export function createBuckets(limit: () => RateLimit, now: () => number = () => performance.now()) {
  const fullAt = new Map<string, number>();
  return (client: string): Allowance => {
    const { perS, burst } = limit();
    const tokenMs = 1_000 / perS;
    const at = now();
    const missing = Math.max(0, (fullAt.get(client) ?? at) - at) / tokenMs;
    const isAllowed = missing + 1 <= burst;
    const taken = isAllowed ? missing + 1 : missing;
    if (isAllowed) {
      // Set anew, so that who did not ask for the longest time comes first.
      fullAt.delete(client);
      fullAt.set(client, at + taken * tokenMs);
      for (const oldest of fullAt.keys()) {
        if (fullAt.size <= clientsMax) break;
        fullAt.delete(oldest);
      }
    }
    return {
      isAllowed,
      remaining: Math.floor(burst - taken),
      waitS: isAllowed ? 0 : ((missing + 1 - burst) * tokenMs) / 1_000,
      fullS: (taken * tokenMs) / 1_000,
    };
  };
}

function tell(res: Response, name: string, { perS, burst }: RateLimit, allowance: Allowance): boolean {
  const { isAllowed, remaining, waitS, fullS } = allowance;
  res.setHeader('RateLimit-Policy', `"${name}";q=${burst};w=${Math.ceil(burst / perS)}`);
  res.setHeader('RateLimit', `"${name}";r=${remaining};t=${Math.ceil(isAllowed ? fullS : waitS)}`);
  if (!isAllowed) res.setHeader('Retry-After', Math.ceil(waitS));
  return isAllowed;
}

const tooFast = (what: string): Problem => new Problem(429, `${what}; nothing was done`);

const customerPattern = /"customer"\s*:\s*\{[^{}]{0,512}?"id"\s*:\s*("(?:[^"\\]|\\.){1,128}")/s;

/**
 * The customer that a body seems to be from, without reading it as JSON: that would cost the door for each order what it
 * costs the order service again. Who writes it so that another one is seen here might as well have named that one.
 */
export function customerIn(body: unknown): string | undefined {
  const [, quoted] = Buffer.isBuffer(body) ? (customerPattern.exec(body.toString('latin1')) ?? []) : [];
  try {
    return quoted === undefined ? undefined : String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}

/** The address that a request comes from; of IPv6 the network, for a client has 2⁶⁴ addresses of one. */
export function addressOf(req: Pick<Request, 'headers' | 'socket'>, proxies: number): string {
  const forwarded = String(req.headers['x-forwarded-for'] ?? '').split(',');
  const { remoteAddress = '' } = req.socket;
  const address = (proxies === 0 ? undefined : forwarded.at(-proxies)?.trim()) || remoteAddress;
  return address.includes('.') || !address.includes(':') ? address : address.split(':').slice(0, 4).join(':');
}
