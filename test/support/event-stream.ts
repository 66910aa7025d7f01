import { OrderEnd, OrderEvent } from '@doorbuster/contracts';
import { eventually } from './eventually.ts';

/** A server-sent event as it came; a comment has only its text. */
export interface Received {
  id?: string;
  event?: string;
  data?: string;
  comment?: string;
}

/** Reads a body as the HTML standard says an event stream is read. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<Received> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) yield toReceived(block);
  }
}

function toReceived(block: string): Received {
  const received: Received = {};
  for (const line of block.split('\n')) {
    const [, field = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
    if (field === '') received.comment = value;
    if (field === 'id' || field === 'event') received[field] = value;
    if (field === 'data') received.data = received.data === undefined ? value : `${received.data}\n${value}`;
  }
  return received;
}

/** One connection to the events of an order, and everything that came over it. */
export interface Following {
  status: number;
  headers: Headers;
  received: Received[];
  /** The `order` events, checked against their contract. */
  events(): OrderEvent[];
  /** The `end` event, when it came. */
  end(): OrderEnd | undefined;
  /** Resolves when the connection is over: ended by the server, or broken. */
  over: Promise<'ended' | 'broken'>;
  close(): void;
}

/** Connects to the events of an order, as an EventSource would that has seen this last event. */
export async function follow(
  origin: string,
  orderId: string,
  lastEventId?: number | string,
): Promise<Following> {
  const leaving = new AbortController();
  const headers = new Headers({ accept: 'text/event-stream' });
  if (lastEventId !== undefined) headers.set('last-event-id', String(lastEventId));
  const url = `${origin}/orders/${orderId}/events`;
  const response = await fetch(url, { headers, signal: leaving.signal });
  const received: Received[] = [];
  const over = collect(response, received);
  const named = (name: string) => received.filter(({ event }) => event === name);
  return {
    status: response.status,
    headers: response.headers,
    received,
    events: () =>
      named('order').map(({ id, data = '' }) => {
        const event = OrderEvent.parse(JSON.parse(data));
        if (String(event.version) !== id) throw new Error(`Version ${event.version} came as event ${id}`);
        return event;
      }),
    end: () => named('end').map(({ data = '' }) => OrderEnd.parse(JSON.parse(data)))[0],
    over,
    close: () => leaving.abort(),
  };
}

async function collect({ body }: Response, received: Received[]): Promise<'ended' | 'broken'> {
  try {
    for await (const one of readEvents(body ?? (async function* () {})())) received.push(one);
    return 'ended';
  } catch {
    return 'broken';
  }
}

/** Waits until an order event of at least this version came. */
export const sees = (following: Following, version: number): Promise<OrderEvent> =>
  eventually(`version ${version} is seen`, () =>
    following.events().find((event) => event.version >= version),
  );

/**
 * Follows an order to its end whatever happens to the connection: it connects again, to each origin in turn, and
 * asks for what comes after the last event that it saw. Returns everything that came, over all connections.
 */
export async function followToTheEnd(origins: string[], orderId: string, lastEventId?: number) {
  const seen: OrderEvent[] = [];
  for (let attempt = 0; ; attempt++) {
    const origin = origins[attempt % origins.length] ?? '';
    const following = await eventually(`somebody tells of order ${orderId}`, async () => {
      // While something is killed there may be no answer, or one that says "not now".
      const tried = await follow(origin, orderId, seen.at(-1)?.version ?? lastEventId).catch(() => undefined);
      return tried !== undefined && tried.status < 500 && tried;
    });
    await following.over;
    seen.push(...following.events());
    if (following.end() !== undefined || following.status !== 200) return seen;
  }
}
