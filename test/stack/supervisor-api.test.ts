import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  issueToken,
  newSigningKey,
  publicPartOf,
  readPublicKeys,
  readSigningKey,
} from '../../libs/operator/src/index.ts';
import type { OperatorServer } from '../../libs/stack/src/operator-server.ts';
import type { Supervisor } from '../../libs/stack/src/supervisor.ts';
import { serveSupervisor } from '../../libs/stack/src/supervisor-api.ts';
import { exchange } from '../hostile/exchange.ts';
import { childSpec, newSupervisor, reached, statusOf } from './supervised-child.ts';

let supervisor: Supervisor;
let api: OperatorServer;
const signingKey = newSigningKey('test');
const right = await issueToken(readSigningKey(signingKey), { name: 'ann', minutes: 60 });

beforeAll(async () => {
  supervisor = await newSupervisor();
  supervisor.defineService('clerk', (instance) => childSpec(instance, { restart: true }));
  await supervisor.scale('clerk', 1);
  api = await serveSupervisor(supervisor, readPublicKeys(publicPartOf(signingKey)));
});

afterAll(async () => {
  api.close();
  await supervisor.stopAll();
});

async function call(method: string, address: string, body?: unknown, token = right) {
  const request = { method, headers: { authorization: `Bearer ${token}` } };
  const response = await fetch(
    `${api.url}${address}`,
    body === undefined ? request : { ...request, body: JSON.stringify(body) },
  );
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
}

test('The list tells of every process', async () => {
  const { status, body } = await call('GET', '/processes');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    processes: [{ name: 'clerk-1', state: 'ready', pid: expect.any(Number), restarts: 0 }],
  });
});

test.each([
  ['GET', '/processes', 401, 'another-token'],
  ['POST', '/processes/clerk-1/kill', 401, ''],
  ['DELETE', '/processes', 405, right],
  ['GET', '/processes/clerk-1/kill', 405, right],
  ['POST', '/processes/clerk-1/dance', 404, right],
  ['POST', '/processes/nobody/stop', 404, right],
  ['GET', '/nowhere', 404, right],
  ['POST', '/services/nobody/scale', 400, right],
])('%s %s is refused with %i', async (method, address, status, token) => {
  const answer = await call(method, address, undefined, token);
  expect(answer).toMatchObject({ status, type: 'application/problem+json', body: { status } });
});

test.each(['evil.example', '127.0.0.1.evil.example', ''])(
  'Under the name "%s" nothing is here, even with the token',
  async (name) => {
    const { hostname: host, port } = new URL(api.url);
    const head = `GET /processes HTTP/1.1\r\nHost: ${name}\r\nAuthorization: Bearer the-token\r\n\r\n`;
    const { answers } = await exchange({ host, port: Number(port) }, { pieces: [head] });
    expect(answers.map(({ status }) => status)).toEqual([421]);
  },
);

test('A body that is too large is refused, and whoever sent it hears so', async () => {
  const { status } = await call('POST', '/services/clerk/scale', 'x'.repeat(300_000));
  expect(status).toBe(400);
});

test('A process can be paused, resumed, stopped, started and killed by name', async () => {
  for (const [action, state] of [
    ['pause', 'paused'],
    ['resume', 'ready'],
    ['stop', 'stopped'],
    ['start', 'ready'],
    ['restart', 'ready'],
  ]) {
    expect((await call('POST', `/processes/clerk-1/${action}`)).body).toMatchObject({ state });
  }
  expect((await call('POST', '/processes/clerk-1/kill')).status).toBe(200);
  await reached(supervisor, 'clerk-1', 'ready', 1);
});

test('A service can be scaled, within reason', async () => {
  expect((await call('POST', '/services/clerk/scale', { instances: 2 })).status).toBe(200);
  expect(statusOf(supervisor, 'clerk-2').state).toBe('ready');
  expect((await call('POST', '/services/clerk/scale', { instances: 1000 })).status).toBe(400);
  expect((await call('POST', '/services/nobody/scale', { instances: 2 })).status).toBe(404);
});
