import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { correlationOf, createFrameReader, type RequestHead, readRequestHead } from './frames.ts';

/** Which exchange is to be disturbed, and how. */
export interface FrameFault {
  apiKey: number;
  /** Only of clients whose id begins so: an instance's name is its client id. */
  client?: string;
  /**
   * `request`: it never comes to the broker. `response`: the broker has done it, and the client does not hear of it.
   */
  lose: 'request' | 'response';
  /** `cut`: the connection breaks with it. `silence`: it stays, and the client waits until it is tired of it. */
  how: 'cut' | 'silence';
}

export interface KafkaProxy {
  readonly port: number;
  leadTo(port: number): void;
  /** Loses the next such request or response; resolves with the client's id when it is lost. */
  loseNext(fault: FrameFault): Promise<string>;
  /** Forgets the faults that did not come to pass. */
  heal(): void;
  close(): Promise<void>;
}

interface Armed extends FrameFault {
  lost(clientId: string): void;
}

/**
 * Reads Kafka's frames on their way between clients and one broker. It rewrites nothing: the broker has a listener of
 * its own for it, and advertises the proxy's port there.
 */
export async function createKafkaProxy(): Promise<KafkaProxy> {
  const sockets = new Set<Socket>();
  let armed: Armed[] = [];
  let port = 0;

  function take(what: FrameFault['lose'], { apiKey, clientId }: RequestHead): Armed | undefined {
    const found = armed.find(
      (one) => one.lose === what && one.apiKey === apiKey && clientId.startsWith(one.client ?? ''),
    );
    armed = armed.filter((one) => one !== found);
    return found;
  }

  const server = createServer((client) => {
    const broker = connect(port, '127.0.0.1');
    const waiting = new Map<number, RequestHead>();
    const end = () => {
      for (const socket of [client, broker]) {
        socket.destroy();
        sockets.delete(socket);
      }
    };
    /** True when the frame is lost. */
    const isLost = (what: FrameFault['lose'], head: RequestHead | undefined): boolean => {
      const fault = head && take(what, head);
      if (head === undefined || fault === undefined) return false;
      if (fault.how === 'cut') end();
      fault.lost(head.clientId);
      return true;
    };
    const onRequest = createFrameReader((frame) => {
      const head = readRequestHead(frame);
      if (isLost('request', head)) return;
      waiting.set(head.correlationId, head);
      if (!broker.destroyed) broker.write(frame);
    });
    const onResponse = createFrameReader((frame) => {
      const id = correlationOf(frame);
      const head = waiting.get(id);
      waiting.delete(id);
      if (!isLost('response', head) && !client.destroyed) client.write(frame);
    });
    for (const socket of [client, broker]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', onRequest);
    broker.on('data', onResponse);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    leadTo(brokerPort) {
      port = brokerPort;
    },
    loseNext(fault) {
      const { promise, resolve } = Promise.withResolvers<string>();
      armed.push({ ...fault, lost: resolve });
      return promise;
    },
    heal() {
      armed = [];
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
