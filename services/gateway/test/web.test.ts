import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resource } from '@doorbuster/service';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Router } from 'express';
import { createWeb } from '../src/web.ts';
import { closeServers, serve } from './serve.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'doorbuster-web-'));
});
afterEach(async () => {
  closeServers();
  await rm(folder, { recursive: true });
});

async function build(): Promise<void> {
  await mkdir(path.join(folder, 'assets'));
  await writeFile(path.join(folder, 'index.html'), '<!doctype html><title>Doorbuster</title>');
  await writeFile(path.join(folder, 'secret.txt'), 'secret');
  await writeFile(path.join(folder, 'assets/.hidden'), 'secret');
  await writeFile(path.join(folder, 'assets/main-1.js'), 'export {};');
}

async function openShop(): Promise<string> {
  const web = createWeb(folder);
  const routes = Router();
  resource(routes, '/orders/:id', {
    get: [web.pageForBrowsers, (_req, res) => void res.json({ id: 'x' })],
  });
  web.serve(routes);
  return serve(routes);
}

const typeOf = (response: Response) => response.headers.get('content-type')?.split(';')[0];

describe('When the page is built', () => {
  test.each(['/', '/control'])(
    'then %s is the page, which may load its own files and nothing else',
    async (at) => {
      await build();
      const response = await fetch((await openShop()) + at);
      expect([response.status, typeOf(response)]).toEqual([200, 'text/html']);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(response.headers.get('cache-control')).toBe('no-cache');
    },
  );

  test('while the gateway runs, then it is there at once', async () => {
    const shop = await openShop();
    expect((await fetch(shop)).status).toBe(503);
    await build();
    expect((await fetch(shop)).status).toBe(200);
  });

  test('then its files may be kept for ever', async () => {
    await build();
    const response = await fetch(`${await openShop()}/assets/main-1.js`);
    expect([response.status, typeOf(response), await response.text()]).toEqual([
      200,
      'text/javascript',
      'export {};',
    ]);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  test.each([
    'nothing.js',
    '..%2fsecret.txt',
    '..%2findex.html',
    '.hidden',
    'main-1.js%00',
    '%2fetc%2fpasswd',
  ])('then /assets/%s is nothing of it', async (file) => {
    await build();
    const response = await fetch(`${await openShop()}/assets/${file}`);
    expect([400, 404]).toContain(response.status);
    expect(typeOf(response)).toBe('application/problem+json');
    expect(await response.text()).not.toContain('secret');
  });
});

test('When it is not built, then that is said in a sentence', async () => {
  const response = await fetch(await openShop());
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ detail: 'The page is not built: run `npm run build:web`' });
});

describe('When somebody asks for an order', () => {
  test.each([
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
    ['a program', 'application/json', 'application/json'],
    ['a program that takes anything', '*/*', 'application/json'],
    ['a program that would rather have JSON', 'text/html;q=0.5, application/json', 'application/json'],
    ['nobody who says what', undefined, 'application/json'],
    ['somebody who wants neither', 'image/png', 'application/json'],
  ])('%s, then it gets what it would rather have', async (_who, accept, type) => {
    await build();
    const headers = accept === undefined ? {} : { accept };
    const response = await fetch(`${await openShop()}/orders/x`, { headers });
    expect([response.status, typeOf(response), response.headers.get('vary')]).toEqual([200, type, 'Accept']);
  });
});
