import type { RequestListener } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Log } from '../log.ts';
import type { Identity } from './identity.ts';
import { type Intention, letsIn } from './intentions.ts';
import { serviceNamedIn } from './spiffe.ts';
import type { Told } from './told.ts';

/** Whoever has connected. */
interface Peer {
  /** Undefined for one whose certificate names no service of ours. */
  service: string | undefined;
  /** When it connected, by the clock of `performance.now()`. */
  since: number;
}

export interface MeshLimits extends ServerOptions {
  /**
   * How old a connection may be, in milliseconds, before it ends with its next answer. Who connects again shows and sees
   * the newest certificates: without it a connection that is kept alive would outlive those it began with, on either side.
   * Source: MAX_CONNECTION_AGE of gRPC, proposal A9.
   */
  connectionAgeMaxMs: number;
}

export interface MeshServerOptions {
  identity: Told<Identity>;
  intentions: Told<Intention[]>;
  log: Log;
}

/** A peer that begins a handshake and does not go on must not keep a server from closing. */
const handshakeMs = 5_000;

/**
 * A server for services of the mesh only. Whoever shows no certificate of Consul's does not get past the handshake, and
 * whom the intentions do not let in is cut off: a service that may not call is no client with a bad request, so it is
 * told nothing. Before there is a certificate nobody gets in at all.
 */
export function createMeshServer(
  { connectionAgeMaxMs, ...limits }: MeshLimits,
  app: RequestListener,
  { identity, intentions, log }: MeshServerOptions,
): Server {
  const peers = new Map<Socket, Peer>();
  /** Who was refused, so that it is said once and not at every connection. */
  const refused = new Set<string | undefined>();

  const mayCall = (peer: Peer | undefined): boolean =>
    peer?.service !== undefined && letsIn(intentions.now() ?? [], peer.service);

  function refuse(socket: Socket, peer: Peer | undefined): void {
    socket.destroy();
    if (refused.has(peer?.service)) return;
    refused.add(peer?.service);
    log.warn({ caller: peer?.service ?? 'not of this mesh' }, 'A caller was refused');
  }

  const server = createServer(
    { ...limits, requestCert: true, rejectUnauthorized: true, handshakeTimeout: handshakeMs },
    (req, res) => {
      const peer = peers.get(req.socket);
      if (peer === undefined || !mayCall(peer)) return refuse(req.socket, peer);
      if (performance.now() - peer.since > connectionAgeMaxMs) res.setHeader('Connection', 'close');
      app(req, res);
    },
  );
  server.on('secureConnection', (socket: TLSSocket) => {
    const mine = identity.now();
    const { subjectAltName } = socket.getPeerX509Certificate() ?? {};
    const service = mine && serviceNamedIn(subjectAltName, mine.trustDomain);
    peers.set(socket, { service, since: performance.now() });
    socket.once('close', () => peers.delete(socket));
  });
  identity.listen(({ options }) => server.setSecureContext(options));
  intentions.listen(() => {
    refused.clear();
    // Answers that never end by themselves would else outlast the permission.
    for (const [socket, peer] of peers) if (!mayCall(peer)) refuse(socket, peer);
  });
  return server;
}
