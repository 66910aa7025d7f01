import type { Response } from 'express';

/** A server-sent event. */
export interface StreamEvent {
  /** What a client that lost its connection asks with, as `Last-Event-ID`, where it can go on from there. */
  id?: number;
  event: string;
  data: object;
}

/** Writes an event down: HTML Living Standard, section 9.2, "Server-sent events". JSON never breaks the line. */
export const formatEvent = ({ id, event, data }: StreamEvent): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** The number in a `Last-Event-ID`: 0 where there is none, undefined where it makes no sense. */
export function parseLastEventId(header: string | undefined): number | undefined {
  if (header === undefined) return 0;
  return /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}

/** An answer that goes on and on. */
export interface EventStream {
  send(events: StreamEvent[]): void;
  /** The same for events that `formatEvent` has written down once for many streams. */
  sendText(text: string): void;
  /** Says that the stream lives, to proxies as well as to the client. */
  beat(): void;
  /** Ends the answer; a client that still reads gets everything that was sent. */
  end(): void;
}

/** How long a client may take to read what is left when its stream ends. */
const endLimitMs = 1_000;
/** How long an EventSource should wait before it connects again. */
const retryMs = 1_000;

export const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
  // A stream is the last answer of its connection, so that stopping does not wait for it to be used again.
  Connection: 'close',
};

/**
 * Begins a stream. A client that reads more slowly than events come is dropped, before what is kept for it exceeds
 * `bufferedBytesMax` by more than one `send`: it connects again and asks for what it missed.
 */
export function openEventStream(res: Response, bufferedBytesMax: number): EventStream {
  function write(text: string): void {
    if (text === '' || res.writableEnded || res.destroyed) return;
    if (res.writableLength > bufferedBytesMax) res.destroy();
    else res.write(text);
  }

  res.writeHead(200, streamHeaders);
  write(`retry: ${retryMs}\n\n`);
  return {
    send: (events) => write(events.map(formatEvent).join('')),
    sendText: write,
    beat: () => write(':\n\n'),
    end() {
      if (res.writableEnded) return;
      const limit = setTimeout(() => res.destroy(), endLimitMs);
      res.once('close', () => clearTimeout(limit));
      res.end();
    },
  };
}
