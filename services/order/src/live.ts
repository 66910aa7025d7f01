import { OrderId } from '@doorbuster/contracts';
import { isEnded } from '@doorbuster/saga';
import { openEventStream, Problem, parseLastEventId, streamHeaders } from '@doorbuster/service';
import type { RequestHandler } from 'express';
import type { Pool } from 'pg';
import { checkout } from './checkout.saga.ts';
import { createFollowers, type FollowersOptions } from './followers.ts';
import { type Progress, readProgress } from './timeline.ts';

export interface Live {
  /** Serves one order as a stream of events. */
  follow: RequestHandler;
  /** Ends all streams; their clients go on at another instance. */
  close(): Promise<void>;
}

/**
 * Orders as they happen, from any instance: what is sent is the timeline in the database, one event per version,
 * with the version as its id. So it does not matter which instance decided, or which one a client connects to
 * again: it says the last version that it saw, and gets the next ones.
 */
export function createLive(options: FollowersOptions): Live {
  const { database, limits } = options;
  const followers = createFollowers(options);
  return {
    async follow(req, res) {
      const told = parseLastEventId(req.get('Last-Event-ID'));
      if (told === undefined) throw new Problem(400, 'Last-Event-ID is the version of the last event seen');
      const order = await find(database, String(req.params['id']));
      if (told > order.version) throw new Problem(400, `The order has no event ${told} yet`);
      if (told === order.version && isEnded(checkout, order.state)) {
        res.status(204).set('Cache-Control', 'no-store').end();
        return;
      }
      if (req.method === 'HEAD') return void res.writeHead(200, streamHeaders).end();
      if (followers.isFull()) {
        throw new Problem(503, 'Too many orders are followed here', { headers: { 'Retry-After': '1' } });
      }
      // Who left while the order was looked for would never be heard to leave.
      if (res.closed) return;
      const stream = openEventStream(res, limits.bufferedBytes);
      res.on('close', followers.add({ orderId: order.id, told, stream }));
    },
    close: followers.close,
  };
}

async function find(database: Pool, orderId: string): Promise<Progress> {
  const id = OrderId.safeParse(orderId);
  const [order] = id.success ? await readProgress(database, new Map([[id.data, -1]])) : [];
  if (order === undefined) throw new Problem(404, 'There is no such order');
  return order;
}
