import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Servers, silentProgress, startServers } from '../../libs/stack/src/index.ts';
import { reached } from './supervised-child.ts';
import { newFolder } from './temporary-folder.ts';

let servers: Servers;

beforeAll(async () => {
  const repoFolder = await newFolder();
  servers = await startServers({ progress: silentProgress, repoFolder });
}, 90_000);

afterAll(() => servers?.stop(), 60_000);

async function databaseAt(url: string) {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query('SELECT current_database() AS name, current_setting($1) AS fsync', [
    'fsync',
  ]);
  await client.end();
  return rows[0];
}

test('All four are up, each with the address it is known by', async () => {
  for (const [name, url] of Object.entries(servers.postgres)) {
    expect(await databaseAt(url)).toEqual({ name, fsync: 'on' });
  }
  const leader = await fetch(`${servers.consul}/v1/status/leader`);
  expect(await leader.json()).toMatch(/^127\.0\.0\.1:\d+$/);
  expect((await fetch(`${servers.jaeger}/api/services`)).status).toBe(200);
  const headers = { 'content-type': 'application/json' };
  for (const signal of ['traces', 'metrics']) {
    const received = await fetch(`${servers.otlp}/v1/${signal}`, { method: 'POST', headers, body: '{}' });
    expect(received.status).toBe(200);
  }
});

test('A stranger without the password of the run does not get in', async () => {
  const url = new URL(servers.postgres.order);
  url.password = 'guessed';
  await expect(databaseAt(url.href)).rejects.toThrow(/password authentication failed/);
});

test('When Kafka and PostgreSQL are killed, then both come back with what they had', async () => {
  const client = new pg.Client(servers.postgres.order);
  await client.connect();
  client.on('error', () => {});
  await client.query('CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)');
  await Promise.all([servers.supervisor.kill('postgres'), servers.supervisor.kill('kafka')]);
  await Promise.all([
    reached(servers.supervisor, 'postgres', 'ready', 1),
    reached(servers.supervisor, 'kafka', 'ready', 1),
  ]);
  const again = new pg.Client(servers.postgres.order);
  await again.connect();
  expect((await again.query('SELECT * FROM kept')).rows).toEqual([{ id: 1 }]);
  await again.end();
}, 60_000);
