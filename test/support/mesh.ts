import { once } from 'node:events';
import { connect } from 'node:tls';
import { enterMesh, type Mesh } from '@doorbuster/discovery';
import { Agent } from 'undici';
import { z } from 'zod';
import { eventually } from './eventually.ts';

const silent = { info() {}, warn() {} };

/** Enters the mesh as a service, so that a test can call others in its name; resolves when it may. */
export async function enterAs(service: string, consulUrl: string): Promise<Mesh> {
  const mesh = enterMesh(consulUrl, service, silent);
  await eventually(`${service} has a certificate`, mesh.isReady);
  return mesh;
}

/** Asks an instance over a connection of its own. @throws when it gives no answer */
export async function askAs(
  mesh: Mesh,
  service: string,
  url: string,
): Promise<{ status: number; text: string }> {
  const agent = new Agent({ connect: mesh.wire.connectTo(service, 5_000) });
  try {
    const { origin, pathname: path } = new URL(url);
    const { statusCode: status, body } = await agent.request({ origin, path, method: 'GET' });
    return { status, text: await body.text() };
  } finally {
    await agent.destroy();
  }
}

async function put(consulUrl: string, path: string, body: object): Promise<void> {
  const response = await fetch(new URL(path, consulUrl), { method: 'PUT', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** Says who may call a service, and that nobody else may. */
export const allow = (consulUrl: string, service: string, callers: readonly string[]): Promise<void> =>
  put(consulUrl, '/v1/config', {
    Kind: 'service-intentions',
    Name: service,
    // Consul keeps none without a source.
    Sources: [...callers.map((Name) => ({ Name, Action: 'allow' })), { Name: '*', Action: 'deny' }],
  });

/** The authority that signed the certificate which a server shows. */
export async function issuerAt(url: string): Promise<string | undefined> {
  // Only looked at, and nothing is said to whoever it is.
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), rejectUnauthorized: false });
  socket.on('error', () => undefined);
  try {
    await once(socket, 'secureConnect');
    return socket.getPeerX509Certificate()?.issuer;
  } finally {
    socket.destroy();
  }
}

/** Has Consul make a new authority, which signs from now on. */
export const rotateAuthority = (consulUrl: string): Promise<void> =>
  put(consulUrl, '/v1/connect/ca/configuration', {
    Provider: 'consul',
    Config: { PrivateKeyType: 'ec', PrivateKeyBits: 384 },
  });

const Roots = z.object({ Roots: z.array(z.object({ RootCert: z.string() })) });

/** The certificates of the authorities. */
export async function authorities(consulUrl: string): Promise<string[]> {
  const response = await fetch(new URL('/v1/agent/connect/ca/roots', consulUrl));
  return Roots.parse(await response.json()).Roots.map(({ RootCert }) => RootCert);
}
