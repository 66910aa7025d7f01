import { once } from 'node:events';
import { request as plainRequest, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Agent } from 'undici';
import { eventually } from '../../../test/support/eventually.ts';
import { allow, askAs, authorities, enterAs, issuerAt, rotateAuthority } from '../../../test/support/mesh.ts';
import { ownConsul } from '../../../test/support/own-consul.ts';
import type { Mesh } from '../src/mesh/mesh.ts';

let consul: Awaited<ReturnType<typeof ownConsul>>;
beforeAll(async () => {
  consul = await ownConsul();
}, 300_000);
afterAll(() => consul?.close());

const close: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of close.splice(0).reverse()) await one();
});

async function enter(service: string, consulUrl = consul.url): Promise<Mesh> {
  const mesh = await enterAs(service, consulUrl);
  close.push(mesh.close);
  return mesh;
}

let served: string[];
let streams: ServerResponse[];
let order: string;
/** Who signed the certificate of the last caller. */
let callerIssuer: string | undefined;
/** Order, which says so, keeps what was asked, and has a stream that does not end. */
beforeEach(async () => {
  served = [];
  streams = [];
  await allow(consul.url, 'order', ['gateway']);
  const mesh = await enter('order');
  const server = mesh.serve({ connectionAgeMaxMs: 1_000 }, (req, res) => {
    served.push(req.url ?? '');
    if (req.socket instanceof TLSSocket) callerIssuer = req.socket.getPeerX509Certificate()?.issuer;
    if (req.url !== '/events') return void res.end('order');
    streams.push(res);
    res.writeHead(200).flushHeaders();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close.push(() => {
    server.closeAllConnections();
    server.close();
  });
  order = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gateway = await enterAs('gateway', consul.url);
  await eventually('gateway is let in', () => askAs(gateway, 'order', order).catch(() => undefined));
  gateway.close();
  served = [];
});

const closes = (pending: Promise<unknown>) => expect(pending).rejects.toThrow();

describe('When somebody calls order', () => {
  test('then whom the intentions name is answered', async () => {
    expect(await askAs(await enter('gateway'), 'order', `${order}/orders`)).toEqual({
      status: 200,
      text: 'order',
    });
    expect(served).toEqual(['/orders']);
  });

  test('then a client without TLS gets no answer', async () => {
    const asking = plainRequest(order.replace('https', 'http')).end();
    await closes(once(asking, 'response'));
    expect(served).toEqual([]);
  });

  test('then a client without a certificate gets no answer', async () => {
    const ca = await authorities(consul.url);
    const asking = request(order, { ca, checkServerIdentity: () => undefined }).end();
    await closes(once(asking, 'response'));
    expect(served).toEqual([]);
  });

  test('then a service that may not call it gets no answer', async () => {
    await closes(askAs(await enter('payment'), 'order', order));
    expect(served).toEqual([]);
  });

  test('then the gateway of another shop gets no answer', async () => {
    const other = await ownConsul();
    close.push(other.close);
    await closes(askAs(await enter('gateway', other.url), 'order', order));
    expect(served).toEqual([]);
  });

  test('then a caller that wanted inventory does not talk to it', async () => {
    await expect(askAs(await enter('gateway'), 'inventory', order)).rejects.toThrow(
      /is not inventory but .*svc\/order/,
    );
    expect(served).toEqual([]);
  });
});

test('When a permission is revoked, then what goes on is cut off, nothing new begins, and it can be given again', async () => {
  const gateway = await enter('gateway');
  const stream = askAs(gateway, 'order', `${order}/events`);
  await eventually('the stream', () => streams.length === 1);
  await allow(consul.url, 'order', ['payment']);
  await eventually('it is cut off', () => streams[0]?.destroyed);
  await closes(stream);
  await closes(askAs(gateway, 'order', order));
  expect(await askAs(await enter('payment'), 'order', order)).toMatchObject({ status: 200 });
  await allow(consul.url, 'order', ['gateway']);
  await eventually('gateway is let in', () => askAs(gateway, 'order', order).catch(() => undefined));
});

test('When the authority is replaced, then both sides have new certificates while requests go on', async () => {
  const gateway = await enter('gateway');
  const agent = new Agent({ connections: 1, connect: gateway.wire.connectTo('order', 5_000) });
  close.push(() => agent.destroy());
  const old = await issuerAt(order);
  await askAs(gateway, 'order', order);
  expect(callerIssuer).toBe(old);
  await rotateAuthority(consul.url);
  const answers: number[] = [];
  await eventually('the new certificates are in use over a connection that is kept alive', async () => {
    const { statusCode, body } = await agent.request({ origin: order, path: '/', method: 'GET' });
    await body.dump();
    answers.push(statusCode);
    return callerIssuer !== old && (await issuerAt(order)) !== old;
  });
  expect(new Set(answers)).toEqual(new Set([200]));
});

test('When Consul comes back with another authority, then what was known stays, and then all take the new one', async () => {
  const gateway = await enter('gateway');
  await consul.stop();
  expect(await askAs(gateway, 'order', order)).toMatchObject({ status: 200 });
  await consul.start();
  const stranger = await enter('gateway');
  const answered = await eventually('the new certificates are in use', () =>
    askAs(stranger, 'order', order).catch(() => undefined),
  );
  expect(answered).toMatchObject({ status: 200 });
});
