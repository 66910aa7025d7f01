import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import type { Log } from '../log.ts';
import { followIdentity } from './identity.ts';
import { followIntentions } from './intentions.ts';
import { createMeshServer, type MeshLimits } from './mesh-server.ts';
import { meshWire, type Wire } from './wire.ts';

/** This service among those that know each other by certificates: mutual TLS. */
export interface Mesh {
  /** How it calls others. */
  wire: Wire;
  /** Serves those who may call it. @param limits of the server, such as `requestTimeout` */
  serve(limits: MeshLimits, app: RequestListener): Server;
  /** True once Consul has given it a certificate and has said who may call it. */
  isReady(): boolean;
  close(): void;
}

/**
 * Enters the mesh of the Consul at this URL as this service. Certificates come from Consul's own authority (Connect) and
 * are renewed while the process runs; who may call whom is said by Consul's intentions.
 */
export function enterMesh(consulUrl: string, service: string, log: Log): Mesh {
  const identity = followIdentity(consulUrl, service, log);
  const intentions = followIntentions(consulUrl, service, log);
  return {
    wire: meshWire(identity, log),
    serve: (limits, app) => createMeshServer(limits, app, { identity, intentions, log }),
    isReady: () => identity.now() !== undefined && intentions.now() !== undefined,
    close() {
      identity.close();
      intentions.close();
    },
  };
}
