import type { IncomingHttpHeaders, Server } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { Router } from 'express';
import { closeServer, createApp, listen, type TurnAway } from '../src/http.ts';
import { createLog } from '../src/log.ts';
import { Problem } from '../src/problem.ts';

let server: Server | undefined;
afterEach(() => server && closeServer(server));

/** Opens a door to one route, /orders, before which `turnAway` stands. */
async function openDoor(turnAway: TurnAway): Promise<string> {
  const routes = Router().post('/orders', (_req, res) => void res.sendStatus(204));
  const log = createLog('door-1', 'silent');
  const app = createApp({
    isReady: () => true,
    routes: () => routes,
    operatorKeys: undefined,
    isDoor: true,
    turnAway,
    log,
  });
  const listening = await listen(app, '127.0.0.1', 0);
  server = listening.server;
  return `http://127.0.0.1:${listening.port}/orders`;
}

const full: TurnAway = () => new Problem(503, 'Full', { headers: { 'Retry-After': '2' } });

test('Who is turned away gets a whole problem document, and the headers that every answer of the door has', async () => {
  const url = await openDoor(full);
  const answer = await fetch(url, { method: 'POST', body: 'what nobody reads' });
  expect(answer.status).toBe(503);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'retry-after': '2',
    'x-frame-options': 'SAMEORIGIN',
    'x-content-type-options': 'nosniff',
  } satisfies IncomingHttpHeaders);
  expect(await answer.json()).toEqual({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: 'Full',
  });
});

test('Who comes in gets the same headers', async () => {
  const url = await openDoor(() => undefined);
  const answer = await fetch(url, { method: 'POST' });
  expect(answer.status).toBe(204);
  expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN');
});

test('Who brings a trace that is recorded is not turned away unseen: the route decides', async () => {
  const url = await openDoor(full);
  const trace = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331';
  const post = async (flags: string) =>
    (await fetch(url, { method: 'POST', headers: { traceparent: `00-${trace}-${flags}` } })).status;
  expect(await post('01')).toBe(204);
  expect(await post('00')).toBe(503);
});
