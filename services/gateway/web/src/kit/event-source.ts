import { backOffMs } from './back-off.ts';

export type Connection = 'connecting' | 'live' | 'lost';

export interface StreamOptions {
  url: string;
  /** What to do with the data of each event, by its name. */
  on: Record<string, (data: never) => void>;
  changed(connection: Connection): void;
  /** Says that a stream which is silent for so long is dead, ms; a hung server never closes anything. */
  silenceMs?: number;
}

/**
 * Follows server-sent events for good. An EventSource gives up at any answer but 200, also at a passing 503, so it is
 * made anew each time it fails, after a wait that grows.
 * @returns what ends it
 */
export function follow({ url, on, changed, silenceMs }: StreamOptions): () => void {
  let source: EventSource | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  function heard(): void {
    failures = 0;
    changed('live');
    clearTimeout(silence);
    if (silenceMs !== undefined) silence = setTimeout(failed, silenceMs);
  }

  function failed(): void {
    source?.close();
    clearTimeout(silence);
    clearTimeout(waiting);
    changed('lost');
    waiting = setTimeout(connect, backOffMs(failures++));
  }

  function connect(): void {
    clearTimeout(waiting);
    source = new EventSource(url);
    source.onopen = heard;
    source.onerror = failed;
    for (const [name, take] of Object.entries(on)) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        heard();
        take(JSON.parse(event.data) as never);
      });
    }
    if (silenceMs !== undefined) silence = setTimeout(failed, silenceMs);
  }

  // Whoever comes back to the tab, or has a network again, need not wait for the clock.
  const hurry = () => {
    if (document.visibilityState === 'visible' && source?.readyState === EventSource.CLOSED) connect();
  };
  changed('connecting');
  connect();
  addEventListener('offline', failed);
  addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  return () => {
    source?.close();
    clearTimeout(waiting);
    clearTimeout(silence);
    removeEventListener('offline', failed);
    removeEventListener('online', hurry);
    document.removeEventListener('visibilitychange', hurry);
  };
}
