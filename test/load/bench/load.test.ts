import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import type { Stream } from './client/messages.ts';
import { type Load, startLoad } from './load.ts';

/** A shop that accepts everything but the orders of one customer, which it sheds, and of another, whom it does not tell when to come again. */
const door = createServer(async (req, res) => {
  const { customer } = JSON.parse(await text(req));
  if (customer.id === 'greedy-1') res.writeHead(429, { 'retry-after': '2' }).end();
  else if (customer.id === 'unlucky-1') res.writeHead(503).end();
  else res.writeHead(202, { location: `/orders/${req.headers['idempotency-key']}` }).end();
});

let folder: string;
let load: Load;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'doorbuster-load-'));
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const address = door.address();
  if (address === null || typeof address === 'string') throw new Error('The door has no port');
  load = await startLoad(
    {
      target: `http://127.0.0.1:${address.port}`,
      confirmedBy: { kind: 'answer' },
      seed: 1,
      historyFile: path.join(folder, 'history.jsonl'),
    },
    new AbortController().signal,
  );
});

afterAll(async () => {
  await load.close();
  door.close();
  await rm(folder, { recursive: true, force: true });
});

const stream = (name: string): Stream => ({
  name,
  fromMs: 0,
  toMs: 250,
  perS: 200,
  customers: { name, count: 1 },
});

test('When several streams are sent, then each is told apart, and the history has every order', async () => {
  const { streams, lost } = await load.storm([stream('others'), stream('greedy'), stream('unlucky')]);
  const [others, greedy, unlucky] = streams;
  expect(lost).toBe(0);
  expect(others?.offered).toBeGreaterThan(10);
  expect(others).toMatchObject({ name: 'others', accepted: others?.offered, confirmed: others?.offered });
  expect(greedy).toMatchObject({ name: 'greedy', accepted: 0, shed: greedy?.offered, confirmed: 0 });
  expect(unlucky).toMatchObject({ name: 'unlucky', shed: 0, shedSilently: unlucky?.offered });
  const offered = streams.reduce((sum, stream) => sum + stream.offered, 0);
  await eventually('the history has every order', async () => {
    const history = await readFile(path.join(folder, 'history.jsonl'), 'utf8');
    return history.trim().split('\n').length === offered;
  });
});

test('When a phase is run, then its window is told of', async () => {
  const edges: string[] = [];
  const phase = { arrivals: { kind: 'open', perS: 200 }, rampMs: 50, windowMs: 200 } as const;
  const seen = await load.run(phase, (edge) => edges.push(edge));
  expect(edges).toEqual(['began', 'ended']);
  expect(seen.offered).toBeGreaterThan(5);
  expect(seen).toMatchObject({ shed: 0, rejected: 0, unknown: 0, notSent: 0, lost: 0 });
  const closed = await load.run({ ...phase, arrivals: { kind: 'closed', openOrders: 4 } }, () => undefined);
  expect(closed.confirmed).toBeGreaterThan(4);
});
