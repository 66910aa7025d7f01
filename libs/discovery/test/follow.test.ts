import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { watchService } from '../src/watch.ts';

const silent = { info() {}, warn() {}, error() {}, debug() {} };
const close: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of close.splice(0).reverse()) await one();
});

/** A registry that answers what it is told to, and lets whoever asks for a later index wait, as Consul does. */
async function startRegistry() {
  let index = 0;
  let instances: string[] = [];
  let waiting: ServerResponse[] = [];
  const answer = (res: ServerResponse) => {
    const entries = instances.map((ID) => ({ Service: { ID, Address: '127.0.0.1', Port: 9 } }));
    res.writeHead(200, { 'content-type': 'application/json', 'x-consul-index': String(index) });
    res.end(JSON.stringify(entries));
  };
  const server = createServer((req, res) => {
    const asked = Number(new URL(req.url ?? '/', 'http://registry').searchParams.get('index') ?? 0);
    if (asked < index) answer(res);
    else waiting.push(res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(at: number, ids: string[]) {
      index = at;
      instances = ids;
      for (const res of waiting.splice(0)) answer(res);
    },
    isWaitedFor: () => waiting.length > 0,
    /** It dies and comes back without its store: whoever waited hears nothing, and it counts from the start. */
    loseStore(at: number, ids: string[]) {
      for (const res of waiting.splice(0)) res.destroy();
      waiting = [];
      index = at;
      instances = ids;
    },
  };
}

test('When Consul loses its store and counts from the start again, then what changes is heard of at once', async () => {
  const registry = await startRegistry();
  registry.set(100, ['order-1']);
  const watched = watchService(registry.url, 'order', silent);
  close.push(() => watched.close());
  const ids = () => watched.instances().map(({ id }) => id);
  await eventually('the first answer', () => ids().join() === 'order-1');
  await eventually('the next question', registry.isWaitedFor);
  registry.loseStore(1, ['order-1', 'order-2']);
  await eventually('the second instance', () => ids().length === 2);
  expect(ids()).toEqual(['order-1', 'order-2']);
});
