import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTcpProxy, type TcpProxy } from '../../../test/faults/proxies/tcp-proxy.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { createSession, keepLock, openSession, tryLock } from '../src/relay-session.ts';
import { orderIds, publish, reserved, type TallyService, tallyService } from './tally.ts';

// Breaks: the one connection of the relay that holds the lock. Must hold: what is decided is published, by whoever can.

let service: TallyService;
let link: TcpProxy;
beforeEach(async () => {
  service = await tallyService();
  link = await createTcpProxy();
  const { hostname, port } = new URL(service.databaseUrl);
  link.leadTo(hostname, Number(port));
});
afterEach(async () => {
  link.heal();
  await service.close();
  await link.close();
});

/** Starts an instance whose relay, and nothing else of it, speaks to the database over the link, and has the lock. */
async function startBehindLink(): Promise<void> {
  const databaseUrl = Object.assign(new URL(service.databaseUrl), { port: link.port }).toString();
  await service.start('tally-1', { databaseUrl });
  await eventually('its relay has the lock', async () => {
    const { rows } = await service.admin.query(
      `select from pg_locks join pg_database d on d.oid = database
       where locktype = 'advisory' and granted and d.datname = $1`,
      [service.name],
    );
    return rows.length === 1;
  });
}

const allPublished = () =>
  eventually('the outbox is empty', async () => (await service.count('outbox')) === 0);

async function decided(ids: string[]): Promise<void> {
  await publish(ids.map((id) => reserved(id)));
  await eventually('all are counted', async () => (await service.seen(ids)).every((seen) => seen === 1));
}

test('When a relay stands still, then the lock does not stay with it, and another instance publishes', async () => {
  await startBehindLink();
  await service.start('tally-2');
  link.break({ kind: 'black hole' });
  await decided(orderIds(50));
  await allPublished();
});

test('When the database is gone from the other end and nobody said so, then the relay gives the connection up', async () => {
  await startBehindLink();
  const before = link.connections;
  link.break({ kind: 'half-open' });
  await decided(orderIds(50));
  expect(await service.count('outbox')).toBeGreaterThan(0);
  // The proxy does not hear that a connection is given up, but that the next one is tried.
  await eventually('it has given up', () => link.connections > before);
  link.heal();
  await allPublished();
});

test('When sending takes longer than a session may be silent, then the lock is kept', async () => {
  const session = createSession(service.databaseUrl);
  await openSession(session);
  expect(await tryLock(session)).toBe(true);
  await keepLock(session, service.database.query('select pg_sleep(8)'));
  expect(await tryLock(session)).toBe(true);
  await session.end();
});
