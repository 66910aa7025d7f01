import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { problems } from '@doorbuster/service';
import express, { type Router } from 'express';

const servers: Server[] = [];

/** Serves these routes as the gateway does: what is thrown becomes a problem document. */
export async function serve(routes: Router): Promise<string> {
  const app = express();
  app.use(routes);
  app.use(problems({ error: () => undefined }));
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Closes every server of a test. */
export function closeServers(): void {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
}
