import type { Arrivals, Seen } from '../client/messages.ts';
import type { Load } from '../load.ts';
import type { Progress, Side } from '../sides/side.ts';
import type { BatchSize } from './batches.ts';
import { type DatabaseWork, workBetween } from './database-work.ts';
import { type Looked, lookInto } from './probe-client.ts';
import { type Spent, spentBetween, type Used, usedSoFar } from './spent.ts';

/** How long a phase takes. */
export interface Times {
  rampMs: number;
  windowMs: number;
}

/** All that was measured of one phase; what is counted is counted in its window. */
export interface Measured {
  arrivals: Arrivals;
  seen: Seen;
  spent: Spent;
  database: DatabaseWork;
  /** How much further the side's own books were at the end of the window. */
  notified: number;
  unfinishedMore: number;
  /** Requests to Kafka and to PostgreSQL, and how busy its event loop was, by process. */
  kafkaRequests: Record<string, number>;
  databaseRequests: Record<string, number>;
  eventLoopMs: Record<string, number>;
  batches: Record<string, BatchSize>;
}

/** All that is looked at as a window begins, and again as it ends. */
interface Edge {
  atMs: number;
  used: Used;
  work: DatabaseWork;
  progress: Progress;
  looked: Map<string, Looked>;
}

async function lookAt(side: Side): Promise<Edge> {
  const atMs = Date.now();
  const used = usedSoFar(side.supervisor);
  const [work, progress, looked] = await Promise.all([
    side.databaseWork(),
    side.progress(),
    lookInto(side.probeFolder),
  ]);
  return { atMs, used, work, progress, looked };
}

/** Runs one phase on a side and waits until nothing of it is under way any more. */
export async function measure(
  side: Side,
  load: Load,
  arrivals: Arrivals,
  times: Times,
  atEdge: (edge: 'began' | 'ended') => void = () => undefined,
): Promise<Measured> {
  const edges: Promise<Edge>[] = [];
  const seen = await load.run({ arrivals, ...times }, (edge) => {
    const look = lookAt(side);
    // A failure is told where the edges are awaited; until then it must not end the process.
    look.catch(() => undefined);
    edges.push(look);
    atEdge(edge);
  });
  const [before, after] = await Promise.all(edges);
  if (before === undefined || after === undefined) throw new Error('The window had no beginning or no end');
  await side.settle();
  const writesTo = (port: number | undefined) =>
    differences(before.looked, after.looked, ({ writesByPort }) => writesByPort[port ?? 0] ?? 0);
  return {
    arrivals,
    seen,
    spent: spentBetween(before.used, after.used),
    database: workBetween(before.work, after.work),
    notified: after.progress.notified - before.progress.notified,
    unfinishedMore: after.progress.unfinished - before.progress.unfinished,
    kafkaRequests: writesTo(side.kafkaPort),
    databaseRequests: writesTo(side.postgresPort),
    eventLoopMs: differences(before.looked, after.looked, ({ eventLoopActiveMs }) => eventLoopActiveMs),
    batches: await side.batches(before.atMs, after.atMs),
  };
}

function differences(
  before: Map<string, Looked>,
  after: Map<string, Looked>,
  of: (looked: Looked) => number,
): Record<string, number> {
  const entries = [...after].map(([instance, looked]): [string, number] => {
    const earlier = before.get(instance);
    return [instance, of(looked) - (earlier === undefined ? 0 : of(earlier))];
  });
  return Object.fromEntries(entries);
}
