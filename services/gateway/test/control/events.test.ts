import { connect } from 'node:net';
import type { ControlHello, ControlSnapshot } from '@doorbuster/contracts';
import { resource } from '@doorbuster/service';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Router } from 'express';
import { type Received, readEvents } from '../../../../test/support/event-stream.ts';
import { eventually } from '../../../../test/support/eventually.ts';
import { createViewers } from '../../src/control/events.ts';
import { closeServers, serve } from '../serve.ts';

afterEach(closeServers);

/** A control room in which nothing happens but what the test tells, and what became of its collector. */
async function openRoom() {
  const said: string[] = [];
  const viewers = createViewers({
    hello: async () => ({ version: 'one' }) as ControlHello,
    onFirst: () => said.push('first'),
    onLast: () => said.push('last'),
  });
  const routes = Router();
  resource(routes, '/control/events', { get: [viewers.watch] });
  return { viewers, said, url: `${await serve(routes)}/control/events` };
}

/** Watches, and collects what comes. */
async function watch(url: string) {
  const leaving = new AbortController();
  const response = await fetch(url, { signal: leaving.signal });
  const received: Received[] = [];
  const over = (async () => {
    for await (const one of readEvents(response.body ?? new ReadableStream())) received.push(one);
  })().catch(() => undefined);
  return { status: response.status, received, over, leave: () => leaving.abort() };
}

const snapshot = (viewers: number, padding = '') => ({ viewers, padding }) as unknown as ControlSnapshot;

describe('When somebody watches', () => {
  test('then hello comes first, and then every snapshot', async () => {
    const { viewers, url } = await openRoom();
    const one = await watch(url);
    await eventually('it is counted', () => viewers.count() === 1);
    viewers.tell(snapshot(1));
    viewers.tell(snapshot(2));
    await eventually(
      'both are seen',
      () => one.received.filter(({ event }) => event === 'snapshot').length === 2,
    );
    expect(one.received.flatMap(({ event, data }) => (event === undefined ? [] : [[event, data]]))).toEqual([
      ['hello', '{"version":"one"}'],
      ['snapshot', '{"viewers":1,"padding":""}'],
      ['snapshot', '{"viewers":2,"padding":""}'],
    ]);
  });

  test('then the first wakes the collector, and the last lets it rest', async () => {
    const { viewers, said, url } = await openRoom();
    const [one, two] = [await watch(url), await watch(url)];
    await eventually('both are counted', () => viewers.count() === 2);
    one.leave();
    await eventually('one has left', () => viewers.count() === 1);
    expect(said).toEqual(['first']);
    two.leave();
    await eventually('nobody watches', () => viewers.count() === 0);
    expect(said).toEqual(['first', 'last']);
  });

  test('and does not read, then it is dropped, and the others see everything', async () => {
    const { viewers, url } = await openRoom();
    const { port, hostname } = new URL(url);
    const deaf = connect({ port: Number(port), host: hostname });
    deaf.pause();
    deaf.write('GET /control/events HTTP/1.1\r\nHost: x\r\n\r\n');
    const one = await watch(url);
    await eventually('both are counted', () => viewers.count() === 2);
    let sent = 0;
    const padding = 'x'.repeat(2 ** 19);
    await eventually('one is dropped', async () => {
      viewers.tell(snapshot(++sent, padding));
      await eventually('the other has read it', () =>
        one.received.at(-1)?.data?.includes(`"viewers":${sent},`),
      );
      return viewers.count() === 1;
    });
    expect(one.received.filter(({ event }) => event === 'snapshot')).toHaveLength(sent);
    deaf.destroy();
  });
});

test('When fifty watch, then one more is told to come later', async () => {
  const { viewers, url } = await openRoom();
  await Promise.all(Array.from({ length: 50 }, () => watch(url)));
  await eventually('all are counted', () => viewers.count() === 50);
  const response = await fetch(url);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
});

test('When the gateway stops, then every stream ends, and nobody new is let in', async () => {
  const { viewers, url } = await openRoom();
  const one = await watch(url);
  viewers.close();
  await one.over;
  expect((await watch(url)).status).toBe(503);
});

test('When only the head is asked for, then nobody watches', async () => {
  const { viewers, url } = await openRoom();
  const response = await fetch(url, { method: 'HEAD' });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(viewers.count()).toBe(0);
});
