import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readEvents } from '../../../test/support/event-stream.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { type Behaviour, closeAll, healthy, hung, openDoor, startInstance, statusesOf } from './door.ts';

afterEach(closeAll);

/** Begins an answer of this type, and leaves it to the test to go on. */
function began(type: string) {
  const answers: ServerResponse[] = [];
  const behaviour: Behaviour = (_req, res) => {
    res.writeHead(200, { 'content-type': type });
    res.write(type === 'text/event-stream' ? 'data: first\n\n' : 'first');
    answers.push(res);
  };
  const last = () => eventually('the answer has begun', () => answers.at(-1));
  return { behaviour, last };
}

/** Lets at least as much time pass as an answer may take. */
async function outlast(totalMs: number): Promise<void> {
  const door = await openDoor([await startInstance('order-9', hung)], { totalMs });
  expect((await fetch(door.origin)).status).toBe(504);
}

const bodyOf = ({ body }: Response): ReadableStream<Uint8Array> => {
  if (body === null) throw new Error('There is no body');
  return body;
};

describe('When a stream of events goes through the door', () => {
  const totalMs = 50;

  async function following() {
    const { behaviour, last } = began('text/event-stream');
    const instance = await startInstance('order-1', behaviour);
    const door = await openDoor([instance], { totalMs });
    const leaving = new AbortController();
    const response = await fetch(`${door.origin}/events`, { signal: leaving.signal });
    const events = readEvents(bodyOf(response));
    return { events, answer: await last(), leaving, response };
  }

  test('then its events come as they are sent, long after the time of other answers is over', async () => {
    const { events, answer, response } = await following();
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect((await events.next()).value).toEqual({ data: 'first' });
    await outlast(totalMs * 2);
    answer.write('data: second\n\n');
    expect((await events.next()).value).toEqual({ data: 'second' });
    answer.end();
    expect((await events.next()).done).toBe(true);
  });

  test('and the client leaves, then the service sees it', async () => {
    const { events, answer, leaving } = await following();
    await events.next();
    leaving.abort();
    await eventually('the service sees it', () => answer.closed);
  });

  test('and the instance breaks off, then the client sees it', async () => {
    const { events, answer } = await following();
    await events.next();
    answer.socket?.resetAndDestroy();
    await expect(events.next()).rejects.toThrow();
  });

  test('then many of them leave every connection to other requests', async () => {
    const { behaviour } = began('text/event-stream');
    const instance = await startInstance('order-1', (req, res) =>
      req.url === '/events' ? behaviour(req, res) : healthy(req, res),
    );
    const door = await openDoor([instance]);
    const following = await Promise.all(Array.from({ length: 150 }, () => fetch(`${door.origin}/events`)));
    expect(following.every(({ status }) => status === 200)).toBe(true);
    expect((await fetch(`${door.origin}/orders/1`)).status).toBe(200);
    for (const { body } of following) await body?.cancel();
  });
});

test('When any other answer goes on and on, then it is cut off', async () => {
  const { behaviour, last } = began('application/json');
  const instance = await startInstance('order-1', (req, res) => {
    behaviour(req, res);
    const dripping = setInterval(() => res.write(' '), 10);
    res.on('close', () => clearInterval(dripping));
  });
  const door = await openDoor([instance], { totalMs: 50 });
  const response = await fetch(`${door.origin}/orders/1`);
  await expect(response.text()).rejects.toThrow();
  const answer = await last();
  await eventually('the service sees it', () => answer.closed);
});

describe('When a client', () => {
  /** Begins a POST whose body is longer than what is sent of it. */
  function upload(origin: string) {
    const req = request(`${origin}/orders`, { method: 'POST', headers: { 'content-length': 8 } });
    const answered = once(req, 'response') as Promise<[IncomingMessage]>;
    req.write('half');
    return { req, answered };
  }

  test('sends its body slowly, then nobody behind the door waits for it, and the time for the answer begins after it', async () => {
    const { behaviour, last } = began('application/json');
    const instance = await startInstance('order-1', behaviour);
    const door = await openDoor([instance], { totalMs: 50 });
    const { req, answered } = upload(door.origin);
    await outlast(100);
    expect([instance.requests, door.order().requests]).toEqual([0, 0]);
    req.end('half');
    const [response] = await answered;
    await outlast(100);
    (await last()).end(', last');
    expect([response.statusCode, await text(response)]).toEqual([200, 'first, last']);
    expect([instance.bodies, door.lines]).toEqual([['halfhalf'], []]);
  });

  test.each([
    ['says that its body is too large', { 'content-length': '262145' }],
    ['sends a body that gets too large', { 'transfer-encoding': 'chunked' }],
  ])('%s, then it is 413, and nobody is bothered', async (_name, headers) => {
    const instance = await startInstance('order-1', healthy);
    const door = await openDoor([instance]);
    const req = request(`${door.origin}/orders`, { method: 'POST', headers });
    const answered = once(req, 'response') as Promise<[IncomingMessage]>;
    req.on('error', () => undefined);
    req.write('x'.repeat(262_145));
    const [response] = await answered;
    expect([response.statusCode, instance.requests]).toEqual([413, 0]);
    req.destroy();
  });

  /** Begins so many POSTs that announce the largest body, and sends so many bytes of each. */
  const announce = (origin: string, uploads: number, bytes: number) =>
    Array.from({ length: uploads }, () => {
      const headers = { 'content-length': 262_144 };
      const req = request(`${origin}/orders`, { method: 'POST', headers });
      req.on('error', () => undefined);
      req.write('x'.repeat(bytes));
      return req;
    });

  test('comes when others have announced much and sent next to nothing, then it is served', async () => {
    const instance = await startInstance('order-1', healthy);
    const door = await openDoor([instance]);
    const uploads = announce(door.origin, 300, 1);
    await Promise.all(uploads.map((req) => once(req, 'socket')));
    expect((await fetch(door.origin, { method: 'POST', body: 'x' })).status).toBe(200);
    for (const req of uploads) req.destroy();
  });

  test('comes when the door holds as much as it may, then it is 503, and there is room again afterwards', async () => {
    const instance = await startInstance('order-1', healthy);
    const door = await openDoor([instance]);
    const uploads = announce(door.origin, 257, 262_143);
    const one = () => fetch(door.origin, { method: 'POST', body: 'x' });
    const full = await eventually('the door is full', async () => {
      const response = await one();
      return response.status === 503 && response;
    });
    expect(full.headers.get('retry-after')).toBe('1');
    for (const req of uploads) req.destroy();
    await eventually('there is room again', async () => (await one()).status === 200);
  });

  test('sends a body of which the instance hears only the beginning, then the client is told', async () => {
    const deaf = await startInstance('order-1', healthy, (req) => req.socket.resetAndDestroy());
    const door = await openDoor([deaf]);
    for (let n = 0; n < 3; n++) {
      const response = await fetch(door.origin, { method: 'POST', body: 'x'.repeat(200_000) });
      expect(response.status).toBe(502);
    }
    expect(door.order().retries).toBe(0);
  });

  test('breaks off its body again and again, then no instance hears of it', async () => {
    const instances = [await startInstance('order-1', healthy), await startInstance('order-2', healthy)];
    const door = await openDoor(instances);
    for (let n = 1; n <= 20; n++) {
      const { req, answered } = upload(door.origin);
      answered.catch(() => undefined);
      await once(req, 'socket');
      req.destroy();
    }
    expect(await statusesOf(4, () => fetch(`${door.origin}/orders/1`))).toEqual([200, 200, 200, 200]);
    expect(instances.reduce((sum, { requests }) => sum + requests, 0)).toBe(4);
    expect([door.order().retries, door.lines]).toEqual([0, []]);
  });

  test('leaves before it is answered, then nobody else is asked for it', async () => {
    const instances = [await startInstance('order-1', hung), await startInstance('order-2', hung)];
    const door = await openDoor(instances, { tryMs: 100 });
    const leaving = new AbortController();
    const asked = fetch(`${door.origin}/orders/1`, { signal: leaving.signal }).catch(() => undefined);
    await eventually('it arrives', () => instances.some(({ requests }) => requests === 1));
    leaving.abort();
    await asked;
    await outlast(300);
    expect(instances.reduce((sum, { requests }) => sum + requests, 0)).toBe(1);
  });
});
