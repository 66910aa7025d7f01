import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { Problem } from './problem.ts';

/**
 * Lets only those in who hold the operator's token. Without a token of our own nobody holds it, so nobody comes in.
 * Digests are of one length and are compared in constant time, so that no answer's time tells of the token.
 */
export function requireOperator(token: string | undefined): RequestHandler {
  const expected = token === undefined ? undefined : digest(`Bearer ${token}`);
  return (req, _res, next) => {
    if (expected === undefined)
      throw new Problem(403, 'No operator’s token is set here, so nobody may do this');
    if (!timingSafeEqual(digest(req.get('authorization') ?? ''), expected)) {
      throw new Problem(401, 'The operator’s token is needed', { headers: { 'WWW-Authenticate': 'Bearer' } });
    }
    next();
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
