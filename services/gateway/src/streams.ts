import { Problem } from '@doorbuster/service';
import type { RequestHandler, Response } from 'express';

export interface Streams {
  /** Lets an answer through that does not end by itself, as long as there are not too many. */
  admit: RequestHandler;
  /** Cuts all of them; whoever reads one connects again, to another door. */
  cut(): Promise<void>;
}

/** Counts the answers that do not end by themselves, so that they are bounded and stopping need not wait for them. */
export function createStreams(max: number): Streams {
  const open = new Set<Response>();
  return {
    admit(_req, res, next) {
      if (open.size >= max)
        throw new Problem(503, 'Too many orders are followed here', { headers: { 'Retry-After': '1' } });
      open.add(res);
      res.on('close', () => open.delete(res));
      next();
    },
    async cut() {
      for (const res of open) res.destroy();
    },
  };
}
