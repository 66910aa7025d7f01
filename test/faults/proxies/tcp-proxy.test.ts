import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { createTcpProxy, type TcpProxy } from './tcp-proxy.ts';

let echo: Server;
let proxy: TcpProxy;
let accepted: Socket[] = [];
beforeEach(async () => {
  accepted = [];
  echo = createServer((socket) => {
    accepted.push(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await createTcpProxy();
  proxy.leadTo('127.0.0.1', (echo.address() as AddressInfo).port);
});
afterEach(async () => {
  await proxy.close();
  for (const socket of accepted) socket.destroy();
  echo.close();
});

/** A client of the echo, with all that came back, and how its connection ended. */
async function call() {
  const socket = connect(proxy.port, '127.0.0.1');
  const seen = { text: '', end: '' };
  socket.on('data', (chunk) => {
    seen.text += String(chunk);
  });
  socket.on('error', (error) => {
    seen.end = 'code' in error ? String(error.code) : String(error);
  });
  await eventually('it is connected, or refused', () => !socket.connecting);
  return {
    seen,
    async says(text: string): Promise<number> {
      const [before, beganAt] = [seen.text.length, performance.now()];
      socket.write(text);
      await eventually('the echo', () => seen.text.length === before + text.length, 5_000);
      return performance.now() - beganAt;
    },
    send: (text: string) => socket.write(text),
  };
}

test('When nothing is broken, then all passes, and one side hears of the other’s end', async () => {
  const client = await call();
  await client.says('hello');
  accepted[0]?.destroy();
  await eventually('the connection is over', () => proxy.connections === 0);
});

describe('When the link is broken', () => {
  test('by a cut, then connections end, new ones too, until it is healed', async () => {
    const client = await call();
    await client.says('hello');
    proxy.break({ kind: 'cut' });
    await eventually('it ends', () => client.seen.end === 'ECONNRESET');
    const later = await call();
    await eventually('so does a new one', () => later.seen.end === 'ECONNRESET');
    proxy.heal();
    await (await call()).says('again');
  });

  test('by a half-open connection, then the server sees an end and the client nothing, until it is healed', async () => {
    const client = await call();
    await client.says('hello');
    proxy.break({ kind: 'half-open' });
    const [server] = accepted;
    await eventually('the server sees it', () => server?.destroyed);
    client.send('anybody?');
    expect(client.seen).toEqual({ text: 'hello', end: '' });
    proxy.heal();
    await eventually('the client hears of it', () => client.seen.end === 'ECONNRESET');
  });

  test('by a black hole, then nothing passes, and everything when it is healed', async () => {
    const client = await call();
    await client.says('hello');
    proxy.break({ kind: 'black hole' });
    client.send(' world');
    const fresh = await call();
    fresh.send('new');
    expect([client.seen.text, fresh.seen.text]).toEqual(['hello', '']);
    proxy.heal();
    await eventually('it arrives', () => client.seen.text === 'hello world' && fresh.seen.text === 'new');
  });

  test('by delay or throttling, then everything passes later', async () => {
    const client = await call();
    proxy.break({ delayMs: 100 });
    expect(await client.says('later')).toBeGreaterThan(190);
    proxy.break({ bytesPerS: 10_000 });
    expect(await client.says('x'.repeat(1_000))).toBeGreaterThan(90);
    proxy.heal();
    expect(await client.says('x'.repeat(1_000))).toBeLessThan(90);
  });

  test('by a tap, then the server has what was sent, and the client no answer', async () => {
    const client = await call();
    await client.says('hello');
    proxy.tap((chunk) => chunk.includes('commit'));
    const [server] = accepted;
    const heard = server && once(server, 'data');
    client.send('commit');
    expect(String((await heard)?.[0])).toBe('commit');
    await eventually('the connection breaks', () => client.seen.end === 'ECONNRESET');
    expect(client.seen.text).toBe('hello');
  });
});
