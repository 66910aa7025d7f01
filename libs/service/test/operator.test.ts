import type { Server } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Router } from 'express';
import {
  issueToken,
  newSigningKey,
  type PublicKeys,
  publicPartOf,
  readPublicKeys,
  readSigningKey,
} from '../../operator/src/index.ts';
import { badTokens } from '../../operator/test/bad-tokens.ts';
import { closeServer, createApp, listen, resource } from '../src/http.ts';

const signingKey = newSigningKey('test');
const keys = readPublicKeys(publicPartOf(signingKey));
const bad = await badTokens(signingKey);
const right = `Bearer ${await issueToken(readSigningKey(signingKey), { name: 'ann', minutes: 1 })}`;

let server: Server | undefined;
afterEach(() => server && closeServer(server));

/** A service with one thing to see and one thing to do under /admin, and what it logs. */
async function open(operatorKeys: PublicKeys | undefined) {
  const lines: object[] = [];
  const level = (level: string) => (fields: object, msg: string) =>
    void lines.push({ level, ...fields, msg });
  const log = { error: level('error'), warn: level('warn'), info: level('info'), debug: level('debug') };
  let done = 0;
  const routes = Router();
  resource(routes, '/admin/sagas', { get: [(_req, res) => void res.json({ items: [] })] });
  resource(routes, '/admin/sagas/:id/retry', {
    post: [
      (_req, res) => {
        done += 1;
        res.status(202).json({});
      },
    ],
  });
  // The types of pino's log functions take more than is used here.
  const options = { isReady: () => true, routes: () => routes, operatorKeys, log: log as never };
  const listening = await listen(createApp(options), '127.0.0.1', 0);
  server = listening.server;
  const ask = async (method: string, path: string, authorization: string) => {
    const address = `http://127.0.0.1:${listening.port}/admin${path}`;
    const response = await fetch(address, { method, headers: authorization === '' ? {} : { authorization } });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  return { ask, lines, done: () => done };
}

describe('When somebody asks under /admin', () => {
  test.each(bad)(
    'with %s, then it is 401, nothing is done, and the log says so',
    async (what, authorization) => {
      const { ask, lines, done } = await open(keys);
      const { status, headers, body } = await ask('POST', '/sagas/o-1/retry?x=y', authorization);
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(body).toMatchObject({ status: 401, detail: expect.stringContaining('token') });
      expect(done()).toBe(0);
      const why = what === 'no token' ? what : expect.stringMatching(/^(wrong|expired)$/);
      expect(lines).toMatchObject([{ level: 'warn', method: 'POST', path: '/admin/sagas/o-1/retry', why }]);
      expect(JSON.stringify(lines)).not.toContain('eyJ');
    },
  );

  test('for what is not there, then nobody but an operator hears that', async () => {
    const { ask } = await open(keys);
    expect((await ask('GET', '/nowhere', '')).status).toBe(401);
    expect((await ask('GET', '/nowhere', right)).status).toBe(404);
  });

  test('and no key is set, then nobody may, whatever they show', async () => {
    const { ask } = await open(undefined);
    for (const authorization of ['', right])
      expect((await ask('GET', '/sagas', authorization)).status).toBe(403);
  });
});

test('When an operator does something, then one line tells who, by which key, what, to what, and what came of it', async () => {
  const { ask, lines } = await open(keys);
  expect((await ask('GET', '/sagas', right)).status).toBe(200);
  expect((await ask('POST', '/sagas/o-1/retry', right)).status).toBe(202);
  expect((await ask('POST', '/sagas', right)).status).toBe(405);
  const by = { operator: 'ann', key: 'test' };
  expect(lines).toMatchObject([
    { level: 'debug', ...by, method: 'GET', path: '/admin/sagas', status: 200 },
    { level: 'info', ...by, method: 'POST', path: '/admin/sagas/o-1/retry', status: 202, answered: true },
    { level: 'info', ...by, method: 'POST', path: '/admin/sagas', status: 405 },
  ]);
});
