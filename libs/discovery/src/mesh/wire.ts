import { buildConnector } from 'undici';
import type { Log } from '../log.ts';
import type { Identity } from './identity.ts';
import { serviceNamedIn } from './spiffe.ts';
import type { Told } from './told.ts';

/** How other services are called. */
export interface Wire {
  /**
   * What their addresses begin with. It is for the caller to say: were it for the registry, whoever may write there could
   * take the encryption away.
   */
  protocol: 'http' | 'https';
  /** Connects to instances of this service, and to nobody else; for the `connect` of undici's agents. */
  connectTo(service: string, timeoutMs: number): buildConnector.connector;
}

/** Whoever answered has not proved to be the service that was called; nothing was said to it. */
export class Untrusted extends Error {
  override readonly name = 'Untrusted';
}

/** Without a mesh: whoever listens at the address is believed to be the service. */
export const plainWire: Wire = {
  protocol: 'http',
  connectTo: (_service, timeout) => buildConnector({ timeout }),
};

/**
 * A handshake needs the other process, while a connection without one is accepted by its kernel. So one that is busy or
 * hangs is given the time that its answer would be given; whether it hangs is found by others.
 */
const handshakeMs = 5_000;

/** With a mesh: every connection shows the newest certificate, and asks for one that names the service. */
export const meshWire = (identity: Told<Identity>, log: Log): Wire => ({
  protocol: 'https',
  connectTo: (service, timeoutMs) => (target, callback) => {
    const mine = identity.now();
    if (mine === undefined) return callback(new Untrusted('Consul has given no certificate yet'), null);
    const connect = buildConnector({
      secureContext: mine.context,
      rejectUnauthorized: true,
      checkServerIdentity: (_host, { subjectaltname }) =>
        serviceNamedIn(subjectaltname, mine.trustDomain) === service
          ? undefined
          : new Untrusted(`${target.host ?? target.hostname} is not ${service} but ${subjectaltname}`),
      // A session that is resumed is not checked again.
      maxCachedSessions: 0,
      allowH2: false,
      timeout: timeoutMs + handshakeMs,
    });
    connect(target, (error, socket) => {
      if (error === null) return callback(null, socket);
      if (isOfNetwork(error)) return callback(error, null);
      log.warn({ service, error: error.message }, 'An instance was not trusted');
      callback(error instanceof Untrusted ? error : new Untrusted(error.message, { cause: error }), null);
    });
  },
});

/** Such as `ECONNRESET` and `UND_ERR_CONNECT_TIMEOUT`; what is wrong with a certificate is called otherwise. */
const isOfNetwork = (error: Error): boolean =>
  'code' in error && /^(E[A-Z]+|UND_\w+)$/.test(String(error.code));
