import { setTimeout as delay } from 'node:timers/promises';
import type { OrderEnd, OrderEvent } from '@doorbuster/contracts';
import { createWaker, watchTimelines } from '@doorbuster/pipeline';
import { isEnded } from '@doorbuster/saga';
import type { EventStream, Logger } from '@doorbuster/service';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Pool } from 'pg';
import { checkout } from './checkout.saga.ts';
import { streams } from './metrics.ts';
import { type News, readNews, statusOf } from './timeline.ts';

export interface LiveLimits {
  /** The most streams of this instance; one more is refused. */
  streams: number;
  /** What is kept for a client that does not read; beyond it the client is dropped. */
  bufferedBytes: number;
  /** How often a stream says that it lives; proxies cut off what is silent. */
  beatMs: number;
  /** How long a stream lives; then it ends, and its client connects to whichever instance there is. */
  lifeMs: number;
  /** How often all streams look at the database when nothing wakes them. */
  pollMs: number;
}

export const defaultLimits: LiveLimits = {
  streams: 1_000,
  bufferedBytes: 65_536,
  beatMs: 10_000,
  lifeMs: 600_000,
  pollMs: 2_000,
};

/** However fast orders move, the streams look at most so often. */
const gapMs = 50;

export interface FollowersOptions {
  database: Pool;
  databaseUrl: string;
  log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  limits: LiveLimits;
}

/** A client that follows an order. */
interface Follower {
  orderId: string;
  /** The version up to which it has been told. */
  told: number;
  stream: EventStream;
}

export interface Followers {
  isFull(): boolean;
  /** Tells a client about its order from now on; returns what has to be called when the client has left. */
  add(follower: Follower): () => void;
  /** Ends all streams, and takes no more. */
  close(): Promise<void>;
}

/** Everybody who follows an order at this instance: they share one listening connection and one look at the database. */
export function createFollowers({ database, databaseUrl, log, limits }: FollowersOptions): Followers {
  const since = new Map<Follower, number>();
  const waker = createWaker();
  let closing = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (since.size > 0) {
      const watch = watchTimelines({ databaseUrl, log, onChange: waker.wake });
      const beating = setInterval(beat, limits.beatMs);
      while (since.size > 0) {
        await waker.wait(limits.pollMs);
        // Whoever comes during the look waits for the next one.
        const looked = await look(database, [...since.keys()]).catch((error) => {
          log.warn({ error: String(error) }, 'The streams look again in a moment');
        });
        if (looked === 'more') waker.wake();
        await delay(gapMs);
      }
      clearInterval(beating);
      await watch.close();
    }
    running = undefined;
  }

  function beat(): void {
    for (const [{ stream }, openedAt] of since) {
      if (performance.now() - openedAt > limits.lifeMs) stream.end();
      else stream.beat();
    }
  }

  return {
    isFull: () => closing || since.size >= limits.streams,
    add(follower) {
      since.set(follower, performance.now());
      streams.add(1);
      waker.wake();
      // What all do together belongs to no client's trace.
      running ??= context.with(ROOT_CONTEXT, run);
      return () => {
        since.delete(follower);
        streams.add(-1);
        if (closing) waker.wake();
      };
    },
    async close() {
      closing = true;
      for (const { stream } of since.keys()) stream.end();
      waker.wake();
      await running;
    },
  };
}

/** Reads what is new for all of these, and tells it; one may have more to hear than is read at once. */
async function look(database: Pool, followers: Follower[]): Promise<'all' | 'more'> {
  const known = new Map<string, number>();
  for (const { orderId, told } of followers) known.set(orderId, Math.min(told, known.get(orderId) ?? told));
  if (known.size === 0) return 'all';
  const news = new Map((await readNews(database, known)).map((one) => [one.order.id, one]));
  const left = followers.filter((follower) => {
    const heard = news.get(follower.orderId);
    return heard !== undefined && tell(follower, heard) === 'more';
  });
  return left.length === 0 ? 'all' : 'more';
}

/** Sends what this follower has not seen yet, and ends the stream of an order that will not change any more. */
function tell(follower: Follower, { order, upTo, entries }: News): 'all' | 'more' {
  const fresh = entries.filter(({ version }) => version > follower.told);
  follower.stream.send(
    fresh.map((entry) => {
      const { state, version } = entry;
      const data: OrderEvent = { id: order.id, status: statusOf(state), state, version, entry };
      return { id: version, event: 'order', data };
    }),
  );
  follower.told = Math.max(follower.told, upTo);
  if (follower.told < order.version) return 'more';
  if (isEnded(checkout, order.state)) {
    const data: OrderEnd = { ...order, status: statusOf(order.state) };
    follower.stream.send([{ id: order.version, event: 'end', data }]);
    follower.stream.end();
  }
  return 'all';
}
