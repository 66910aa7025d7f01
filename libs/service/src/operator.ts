import { identify, NotAnOperator, type PublicKeys } from '@doorbuster/operator';
import type { Request, RequestHandler } from 'express';
import type { Logger } from './log.ts';
import { Problem } from './problem.ts';

const refusals: Record<NotAnOperator['why'], string> = {
  'no token': 'An operator’s token is needed',
  wrong: 'This is no operator’s token of this shop',
  expired: 'The operator’s token has expired; `npm run token` makes another',
};

/**
 * Lets only those in who show an operator's token that one of these keys signed. Without a key there is no operator, so
 * nobody comes in. Whoever changes something is written down, with what came of it; so is whoever is refused.
 */
export function requireOperator(
  keys: PublicKeys | undefined,
  log: Pick<Logger, 'info' | 'debug' | 'warn'>,
): RequestHandler {
  return async (req, res, next) => {
    if (keys === undefined) throw new Problem(403, 'No operator’s key is set here, so nobody may do this');
    const asked = { method: req.method, path: pathOf(req) };
    const holder = await identify(keys, req.get('authorization')).catch((error: unknown) => {
      if (!(error instanceof NotAnOperator)) throw error;
      log.warn({ ...asked, why: error.why }, 'Nobody but an operator may do this');
      throw new Problem(401, refusals[error.why], { headers: { 'WWW-Authenticate': 'Bearer' } });
    });
    const level = ['GET', 'HEAD'].includes(req.method) ? 'debug' : 'info';
    // Also where the client has gone before it could be answered: what it asked for is done all the same.
    res.once('close', () => {
      const { name: operator, key } = holder;
      const answered = res.writableFinished;
      log[level]({ operator, key, ...asked, status: res.statusCode, answered }, 'An operator did this');
    });
    next();
  };
}

const pathOf = ({ originalUrl }: Request): string => originalUrl.replace(/\?.*$/, '');
