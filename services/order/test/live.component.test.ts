import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { follow, sees } from '../../../test/support/event-stream.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { type LiveService, liveService } from './live-service.ts';

let service: LiveService;
beforeEach(async () => {
  service = await liveService();
});
afterEach(() => service.close());

/** Waits until somebody listens; tells which backend that is. */
const listening = () => eventually('somebody listens', async () => (await service.listeners())[0]);

/** Asks for 40 MB of events, more than the operating system keeps for a socket, and reads only the first of it. */
async function lazyReader(origin: string, orderId: string): Promise<Socket> {
  await service.history(orderId, 40);
  await service.database.query("update inbox set note = repeat('x', 1000000) where key = $1", [orderId]);
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  socket.write(`GET /orders/${orderId}/events HTTP/1.1\r\nHost: x\r\n\r\n`);
  let read = '';
  socket.on('data', (bytes) => {
    read += bytes;
    // At once: who read on until somebody looks could have read everything, and the connection would be over.
    if (read.includes('event: order')) socket.removeAllListeners('data').pause();
  });
  await eventually('the first event comes', () => socket.isPaused());
  return socket;
}

const versions = (events: { version: number }[]) => events.map(({ version }) => version);

describe('When an order is followed', () => {
  test('then each version comes once as it happens, and at the end the stream ends', async () => {
    const { origin } = await service.open();
    const orderId = await service.place();
    const following = await follow(origin, orderId);
    await sees(following, 1);
    for (const type of ['StockReserved', 'PaymentCaptured', 'StockCommitted'] as const) {
      await service.hear(orderId, type);
    }
    expect(await following.over).toBe('ended');
    expect(following.events().map(({ state, status }) => [state, status])).toEqual([
      ['reserving', 'open'],
      ['paying', 'open'],
      ['confirmed', 'confirmed'],
      ['completed', 'confirmed'],
    ]);
    expect(following.events().map(({ entry }) => entry)).toEqual(await service.timeline(orderId));
    expect(following.end()).toEqual({
      id: orderId,
      status: 'confirmed',
      state: 'completed',
      version: 4,
      reason: null,
      refundedCents: 0,
    });
    expect(following.headers.get('content-type')).toBe('text/event-stream');
    expect(following.headers.get('cache-control')).toBe('no-store');
    expect(following.headers.get('x-accel-buffering')).toBe('no');
  });

  test('after it ended, then the whole history comes at once, and who has seen it gets 204', async () => {
    const { origin } = await service.open();
    const orderId = await service.place();
    await service.hear(orderId, 'StockRejected');
    const following = await follow(origin, orderId);
    expect(await following.over).toBe('ended');
    expect(versions(following.events())).toEqual([1, 2]);
    expect(following.end()).toMatchObject({ status: 'cancelled', reason: 'out-of-stock' });
    const again = await follow(origin, orderId, following.end()?.version);
    expect([again.status, await again.over, again.received]).toEqual([204, 'ended', []]);
  });

  test('and a message is ignored, then it has no event, and no version is missing', async () => {
    const { origin } = await service.open();
    const orderId = await service.place();
    await service.hear(orderId, 'PaymentCaptured', 'StockReserved', 'StockRejected', 'PaymentDeclined');
    const following = await follow(origin, orderId);
    await sees(following, 3);
    await service.hear(orderId, 'StockReleased');
    await following.over;
    expect(following.events().map(({ entry }) => entry.received)).toEqual([
      'PlaceOrder',
      'StockReserved',
      'PaymentDeclined',
      'StockReleased',
    ]);
    expect(versions(following.events())).toEqual([1, 2, 3, 4]);
    expect(await service.timeline(orderId)).toHaveLength(6);
  });

  test('by many who have seen different versions, then each gets exactly what it has not seen', async () => {
    const { origin } = await service.open({ pollMs: 600_000 });
    const orderId = await service.place();
    // More than one look at the database brings.
    await service.history(orderId, 1_000);
    const seen = [0, 1, 99, 100, 101, 999, 1_000];
    const followings = await Promise.all(seen.map((after) => follow(origin, orderId, after)));
    await listening();
    await service.hear(orderId, 'StockReleased');
    for (const [i, following] of followings.entries()) {
      await following.over;
      const after = seen[i] ?? 0;
      const expected = Array.from({ length: 1_001 - after }, (_, n) => after + 1 + n);
      expect(versions(following.events())).toEqual(expected);
    }
  });

  test('by somebody who comes while another is being told, then nothing is missed', async () => {
    const { origin } = await service.open({ pollMs: 600_000 });
    const orderId = await service.place();
    const first = await follow(origin, orderId);
    await sees(first, 1);
    await listening();
    await service.commit(orderId, ['StockReserved']);
    const unlock = await service.lock('inbox');
    await service.announce();
    await eventually('the streams look, and wait', service.hasWaiting);
    const second = await follow(origin, orderId);
    await unlock();
    await Promise.all([first, second].map((following) => sees(following, 2)));
    expect([first, second].map((following) => versions(following.events()))).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test('then neither the card nor the e-mail address is told', async () => {
    const { origin } = await service.open();
    const orderId = await service.place();
    await service.hear(orderId, 'StockRejected');
    const following = await follow(origin, orderId);
    await following.over;
    const text = JSON.stringify(following.received);
    expect(text).toContain(orderId);
    expect(text).not.toMatch(/tok_ok|example\.com/);
  });
});

describe('When something is committed', () => {
  test('and announced, then streams are woken and do not wait for their poll', async () => {
    const { origin } = await service.open({ pollMs: 600_000 });
    const orderId = await service.place();
    const following = await follow(origin, orderId);
    await sees(following, 1);
    await listening();
    for (const [i, type] of (['StockReserved', 'PaymentCaptured', 'StockCommitted'] as const).entries()) {
      await service.hear(orderId, type);
      await sees(following, i + 2);
    }
  });

  test('and the notice is lost, then the poll finds it', async () => {
    const { origin } = await service.open({ pollMs: 100 });
    const orderId = await service.place();
    const following = await follow(origin, orderId);
    await sees(following, 1);
    await service.commit(orderId, ['StockReserved']);
    await sees(following, 2);
    await service.commit(orderId, ['PaymentCaptured']);
    await sees(following, 3);
  });

  test('while the listening connection is cut, then it is told when there is one again', async () => {
    const { origin } = await service.open({ pollMs: 600_000 });
    const orderId = await service.place();
    const following = await follow(origin, orderId);
    await sees(following, 1);
    const listener = await listening();
    await service.hear(orderId, 'StockReserved');
    await sees(following, 2);
    await service.database.query('select pg_terminate_backend($1)', [listener]);
    await service.commit(orderId, ['PaymentCaptured']);
    await sees(following, 3);
  });

  test('and nobody listens, then nobody is notified', async () => {
    const heard = await service.notices();
    await service.announce();
    await service.database.query("notify timeline, 'by hand'");
    await eventually('the notice by hand is heard', () => heard.length > 0);
    expect(heard).toEqual(['by hand']);
    // A stream listens, and so the same call is heard.
    const { origin } = await service.open();
    await follow(origin, await service.place());
    await listening();
    await service.announce();
    await eventually('the notice is heard', () => heard.includes(''));
  });
});

describe('When a stream', () => {
  test('has nothing to tell, then it says that it lives', async () => {
    const { origin } = await service.open({ beatMs: 10 });
    const following = await follow(origin, await service.place());
    await eventually('three signs of life', () => {
      return following.received.filter(({ comment }) => comment !== undefined).length >= 3;
    });
    following.close();
  });

  test('has lived long enough, then it ends, and the client goes on with the next', async () => {
    const { origin } = await service.open({ beatMs: 10, lifeMs: 0 });
    const orderId = await service.place();
    await service.hear(orderId, 'StockReserved');
    const following = await follow(origin, orderId);
    expect(await following.over).toBe('ended');
    expect(following.end()).toBeUndefined();
    const last = following.events().at(-1)?.version;
    await service.hear(orderId, 'PaymentCaptured', 'StockCommitted');
    const other = await service.open();
    const next = await follow(other.origin, orderId, last);
    await next.over;
    expect([...versions(following.events()), ...versions(next.events())]).toEqual([1, 2, 3, 4]);
  });

  test('is one more than there may be, then it is refused, until another ends', async () => {
    const { origin } = await service.open({ streams: 2 });
    const orderId = await service.place();
    const [first] = [await follow(origin, orderId), await follow(origin, orderId)];
    const refused = await follow(origin, orderId);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    first.close();
    await eventually('there is room again', async () => (await follow(origin, orderId)).status === 200);
  });

  test('is asked for by somebody who leaves at once, then it takes no room', async () => {
    const { origin, connections } = await service.open({ streams: 1 });
    const orderId = await service.place();
    const unlock = await service.lock('orders');
    const leaving = new AbortController();
    const left = fetch(`${origin}/orders/${orderId}/events`, { signal: leaving.signal }).catch(() => 'left');
    await eventually('the order is looked for', service.hasWaiting);
    leaving.abort();
    expect(await left).toBe('left');
    await eventually('the instance knows that it left', async () => (await connections()) === 0);
    await unlock();
    for (const _ of ['the only place is free', 'and is free again']) {
      const next = await follow(origin, orderId);
      expect(next.status).toBe(200);
      next.close();
      await eventually('it has left', async () => (await connections()) === 0);
    }
  });

  test('is not read, then it is dropped before it fills the memory', async () => {
    const { origin } = await service.open({ streams: 1, bufferedBytes: 1_000, beatMs: 10 });
    const orderId = await service.place();
    const socket = await lazyReader(origin, orderId);
    await eventually('its place is free', async () => (await follow(origin, orderId, 40)).status === 200);
    const read: Buffer[] = [];
    socket.on('data', (bytes) => read.push(bytes));
    socket.resume();
    await eventually('it is dropped', () => socket.closed);
    expect(Buffer.concat(read).toString()).not.toContain('id: 40\n');
  });

  test('is open while its instance stops, then it is ended, even one that is not read', async () => {
    const { origin, live } = await service.open();
    const [orderId, lazyId] = [await service.place(), await service.place()];
    const followings = [await follow(origin, orderId), await follow(origin, orderId)];
    await Promise.all(followings.map((following) => sees(following, 1)));
    await lazyReader(origin, lazyId);
    await live.close();
    expect(await Promise.all(followings.map(({ over }) => over))).toEqual(['ended', 'ended']);
    expect((await follow(origin, orderId)).status).toBe(503);
    expect(await service.listeners()).toEqual([]);
  });

  test('is the last to leave, then the listening connection goes too, and comes back with the next', async () => {
    const { origin } = await service.open({ pollMs: 20 });
    const orderId = await service.place();
    const following = await follow(origin, orderId);
    await listening();
    following.close();
    await eventually('nobody listens', async () => (await service.listeners()).length === 0);
    await sees(await follow(origin, orderId), 1);
    await listening();
  });
});

describe('When a request makes no sense, then it is refused', () => {
  test.each([
    ['an event that is no number', 400, 'seven'],
    ['an event that never was', 400, '2'],
    ['a negative event', 400, '-1'],
  ])('%s', async (_name, status, lastEventId) => {
    const { origin } = await service.open();
    const response = await follow(origin, await service.place(), lastEventId);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  test('an order that does not exist, or cannot', async () => {
    const { origin } = await service.open();
    for (const id of ['01900000-0000-7000-8000-000000000000', 'x', '%00']) {
      expect((await follow(origin, id)).status).toBe(404);
    }
  });

  test('another method, and HEAD gets the head only', async () => {
    const { origin } = await service.open({ streams: 1 });
    const url = `${origin}/orders/${await service.place()}/events`;
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    for (const _ of [1, 2]) {
      const head = await fetch(url, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    }
  });
});
