import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ControlHello, ControlSnapshot } from '@doorbuster/contracts';
import { type EventStream, formatEvent, openEventStream, Problem, streamHeaders } from '@doorbuster/service';
import type { RequestHandler } from 'express';

/** Everybody who watches the control room through this door. */
export interface Viewers {
  /** Serves the control room as a stream of events. */
  watch: RequestHandler;
  count(): number;
  tell(snapshot: ControlSnapshot): void;
  /** Ends all streams, and takes no more. */
  close(): void;
}

export interface ViewersOptions {
  hello(): Promise<ControlHello>;
  onFirst(): void;
  onLast(): void;
}

const viewersMax = 50;
/** What is kept for a viewer that does not read; five minutes of history, which come first, are less than half of it. */
const bufferedBytesMax = 4 * 2 ** 20;

/** Keeps the viewers: the first one wakes the collector, the last one lets it rest, and who does not read is dropped. */
export function createViewers({ hello, onFirst, onLast }: ViewersOptions): Viewers {
  const streams = new Set<EventStream>();
  let closing = false;
  return {
    async watch(req, res) {
      if (req.method === 'HEAD') return void res.writeHead(200, streamHeaders).end();
      const said = await hello();
      if (closing || streams.size >= viewersMax)
        throw new Problem(503, 'Too many watch the control room here', { headers: { 'Retry-After': '5' } });
      // Who left in the meantime would never be heard to leave.
      if (res.closed) return;
      const stream = openEventStream(res, bufferedBytesMax);
      stream.send([{ event: 'hello', data: said }]);
      streams.add(stream);
      if (streams.size === 1) onFirst();
      res.on('close', () => {
        if (streams.delete(stream) && streams.size === 0) onLast();
      });
    },
    count: () => streams.size,
    tell(snapshot) {
      const text = formatEvent({ event: 'snapshot', data: snapshot });
      for (const stream of streams) stream.sendText(text);
    },
    close() {
      closing = true;
      for (const stream of streams) stream.end();
    },
  };
}

/** The version of the page that is served now: it is another one whenever any of its files is. */
export async function versionOf(webFolder: string): Promise<string> {
  const page = await readFile(path.join(webFolder, 'index.html')).catch(() => undefined);
  return page === undefined ? 'none' : createHash('sha256').update(page).digest('hex').slice(0, 12);
}
