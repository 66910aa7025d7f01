import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePorts, preferredPort } from '../../libs/stack/src/ports.ts';

async function listenOn(port: number) {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return server;
}

test('Free ports are distinct, and one can listen on each', async () => {
  const ports = await freePorts(10);
  expect(new Set(ports).size).toBe(10);
  const servers = await Promise.all(ports.map(listenOn));
  for (const server of servers) server.close();
});

test('When the preferred port is taken, then another one is given', async () => {
  const [preferred = 0] = await freePorts(1);
  expect(await preferredPort(preferred)).toBe(preferred);
  const server = await listenOn(preferred);
  expect(await preferredPort(preferred)).not.toBe(preferred);
  server.close();
});
