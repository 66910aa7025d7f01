import type { Router } from 'express';
import {
  issueToken,
  newSigningKey,
  publicPartOf,
  readPublicKeys,
  readSigningKey,
} from '../../libs/operator/src/index.ts';
import { closeServer, createApp, listen } from '../../libs/service/src/http.ts';
import { log } from './database.ts';

const signingKey = newSigningKey('visitor');

/** Something that is asked over HTTP. */
export interface Served {
  /** Asks and gives the answer's body. @throws when the answer is neither a success nor one that was expected */
  ask(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<unknown>;
  close(): Promise<void>;
}

/** Serves routes as a service does, on a port of their own. */
export async function serve(routes: Router): Promise<Served & { origin: string }> {
  const operatorKeys = readPublicKeys(publicPartOf(signingKey));
  const app = createApp({ isReady: () => true, routes: () => routes, operatorKeys, log });
  const token = await issueToken(readSigningKey(signingKey), { name: 'visitor', minutes: 60 });
  const { server, port } = await listen(app, '127.0.0.1', 0);
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    async ask(method, path, body, headers = {}) {
      const response = await fetch(`${origin}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : text;
    },
    close: () => closeServer(server),
  };
}
