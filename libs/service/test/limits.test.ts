import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Router } from 'express';
import { faultOf } from '../../../test/hostile/answers.ts';
import { exchange } from '../../../test/hostile/exchange.ts';
import { closeServer, createApp, json, listen } from '../src/http.ts';

let server: Server;
let port: number;
/** Ends the request under `/slow` that waits. */
let go: () => void;

beforeEach(async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  go = resolve;
  const routes = Router()
    .get('/slow', async (_req, res) => void promise.then(() => res.sendStatus(204)))
    .post('/orders', json(), (req, res) => void res.json({ polluted: 'polluted' in {}, got: req.body }));
  const quiet = () => undefined;
  const log = { error: quiet, warn: quiet, info: quiet, debug: quiet };
  const app = createApp({ isReady: () => true, routes: () => routes, operatorKeys: undefined, log });
  ({ server, port } = await listen(app, '127.0.0.1', 0));
});
afterEach(() => {
  go();
  return closeServer(server);
});

const send = (text: string, awaited = 1) =>
  exchange({ host: '127.0.0.1', port }, { pieces: [text] }, { awaited });
const head = 'GET /health/live HTTP/1.1\r\nHost: shop\r\n';
const post = 'POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n';

describe('When what comes is no request that everybody understands alike', () => {
  const cases: [name: string, status: number, text: string][] = [
    ['no Host', 400, 'GET /health/live HTTP/1.1\r\n\r\n'],
    ['two Hosts', 400, `${head}Host: other\r\n\r\n`],
    ['a Host that is none', 400, 'GET /health/live HTTP/1.1\r\nHost: a/b\r\n\r\n'],
    ['a length and chunks', 400, `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two lengths', 400, `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ['another coding before the chunks', 400, `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['chunks of HTTP/1.0', 400, `${post.replace('1.1', '1.0')}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a size of a chunk that is none', 400, `${post}Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n`],
    ['an address of 9,000 bytes', 414, `GET /${'x'.repeat(9_000)} HTTP/1.1\r\nHost: shop\r\n\r\n`],
    ['a head of 32 KB', 431, `${head}X: ${'x'.repeat(32_000)}\r\n\r\n`],
    ['150 headers', 431, `${head}${'X: x\r\n'.repeat(150)}\r\n`],
    ['an expectation that nobody has', 417, `${head}Expect: the-unexpected\r\n\r\n`],
    ['HTTP/0.9', 400, 'GET /health/live\r\n\r\n'],
    ['HTTP/2.0 in the words of HTTP/1.1', 400, `${head.replace('1.1', '2.0')}\r\n`],
    ['no HTTP at all', 400, '\x16\x03\x01\x02\x00'],
  ];

  test.each(cases)(
    '%s, then it is %i as a problem document, and the connection ends',
    async (_name, status, text) => {
      const { answers } = await send(text, 2);
      expect(answers.map((answer) => [answer.status, faultOf(answer, 'GET')])).toEqual([[status, undefined]]);
    },
  );
});

test('When a request waits, then what breaks after it on its connection is not taken for its answer', async () => {
  const { answers, endedBy } = await send('GET /slow HTTP/1.1\r\nHost: shop\r\n\r\nNONSENSE\r\n\r\n');
  expect([answers, endedBy]).toEqual([[], 'server']);
});

test('When 30 requests come at once over one connection, then as many as may wait are answered, and one is told', async () => {
  const hanging = send(`GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n${`${head}\r\n`.repeat(30)}`, 30);
  go();
  const statuses = (await hanging).answers.map(({ status }) => status);
  expect(statuses).toEqual([204, ...Array(16).fill(200), 429]);
});

test('When a body names what all objects share, then no other object has it', async () => {
  const body = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
  const { answers } = await send(`${post}Content-Length: ${body.length}\r\n\r\n${body}`);
  expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({ polluted: false });
});
