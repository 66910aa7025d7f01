import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createFlow, type Flow } from './flow.ts';

/** What may be done to a link. */
export interface LinkFault {
  /**
   * `cut`: connections are reset, and so is every new one. `half-open`: the server's side is gone and the client is not
   * told. `black hole`: nothing passes and nobody is told; what was sent arrives when it is over, as TCP would have it.
   */
  kind?: 'cut' | 'half-open' | 'black hole';
  /** How much later everything arrives, in each direction. */
  delayMs?: number;
  /** How much passes at most, in each direction of each connection. */
  bytesPerS?: number;
}

/** Looks at what a client sends, and says whether its connection is to break before it gets another answer. */
export type Tap = (chunk: Buffer) => boolean;

export interface TcpProxy {
  readonly port: number;
  /** How many connections are open now. */
  readonly connections: number;
  /** Where to; it may be told after clients have been told of the proxy. */
  leadTo(host: string, port: number): void;
  /** Does this to the link from now on, instead of what was done before. */
  break(fault: LinkFault): void;
  /** From now on everything passes. What was half-open is reset, as by a host that came back. */
  heal(): void;
  /** Has every chunk of clients looked at, until it is healed. */
  tap(look: Tap): void;
  close(): Promise<void>;
}

/** How long a server may work on what was tapped before its connection breaks. */
const tappedMs = 50;

interface Link {
  client: Socket;
  server: Socket;
  flows: Flow[];
  /** True once its client is to hear nothing any more. */
  isDeaf: boolean;
}

/** A link on loopback that can be broken. */
export async function createTcpProxy(): Promise<TcpProxy> {
  const links = new Set<Link>();
  let target: { host: string; port: number } | undefined;
  let fault: LinkFault = {};
  let look: Tap | undefined;

  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (fault.kind === 'cut' || target === undefined) client.resetAndDestroy();
    else open(client, target);
  });

  function open(client: Socket, { host, port }: { host: string; port: number }): void {
    const upstream = connect({ host, port, allowHalfOpen: true });
    for (const socket of [client, upstream]) socket.setNoDelay(true);
    const link: Link = { client, server: upstream, flows: [], isDeaf: false };
    link.flows = [
      createFlow(client, upstream, (chunk) => {
        if (look?.(chunk)) link.isDeaf = true;
        return true;
      }),
      createFlow(upstream, client, () => {
        // The server is given the time to read all of what was sent; a reset would take it away again.
        if (link.isDeaf) setTimeout(end, tappedMs, link);
        return !link.isDeaf;
      }),
    ];
    links.add(link);
    for (const socket of [client, upstream]) {
      socket.on('error', () => end(link));
      socket.on('close', () => {
        // Of a half-open link the client does not hear that the server's side is gone.
        if (socket === upstream && fault.kind === 'half-open') return;
        end(link);
      });
    }
    apply(link);
  }

  function end(link: Link): void {
    if (!links.delete(link)) return;
    for (const flow of link.flows) flow.end();
    link.client.resetAndDestroy();
    link.server.resetAndDestroy();
  }

  function apply(link: Link): void {
    const { kind, delayMs = 0, bytesPerS = Number.POSITIVE_INFINITY } = fault;
    if (kind === 'cut') end(link);
    for (const flow of link.flows) flow.set({ isStopped: kind !== undefined, delayMs, bytesPerS });
    if (kind === 'half-open') link.server.resetAndDestroy();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return links.size;
    },
    leadTo(host, port) {
      target = { host, port };
    },
    break(next) {
      fault = next;
      for (const link of [...links]) apply(link);
    },
    heal() {
      const wasHalfOpen = fault.kind === 'half-open';
      fault = {};
      look = undefined;
      for (const link of [...links]) {
        if (wasHalfOpen) end(link);
        else apply(link);
      }
    },
    tap(tapped) {
      look = tapped;
    },
    async close() {
      for (const link of [...links]) end(link);
      server.close();
      await once(server, 'close');
    },
  };
}
