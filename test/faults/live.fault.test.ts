import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { type Shop, silentProgress, startShop } from '@doorbuster/stack';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newCustomer } from '../support/customer.ts';
import { follow, followToTheEnd, sees } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';

// Breaks: an order instance and a gateway, by SIGKILL and by SIGTERM, while clients follow orders there. Must hold:
// each client sees every version of its order once, whoever tells it, and stopping does not wait for streams.

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ progress: silentProgress, instances: 2, traceShare: 0 });
}, 180_000);
afterAll(() => shop.stop(), 120_000);

const originOf = (name: string): string => {
  const port = shop.info.processes.find((one) => one.name === name)?.port;
  return `http://127.0.0.1:${port}`;
};

const back = (name: string) =>
  eventually(
    `${name} is back`,
    () => shop.supervisor.list().find((one) => one.name === name)?.state === 'ready',
  );

/** Orders that are `paying` for a while: with `tok_slow` 3 s, with `tok_late` until they time out. */
async function paying(count: number, card: 'tok_slow' | 'tok_late'): Promise<string[]> {
  const customer = newCustomer(shop.info.gateway);
  const lines = [{ sku: 'DB-1110', quantity: 1 }];
  const orders = Array.from({ length: count }, () => customer.place(card, lines));
  return (await Promise.all(orders)).map(({ id }) => id);
}

const versions = (events: { version: number }[]) => events.map(({ version }) => version);

test('When an instance is killed, then its clients go on at the other, with nothing missed or repeated', async () => {
  const [one, two] = [originOf('order-1'), originOf('order-2')];
  const ids = await paying(5, 'tok_slow');
  // Each order is followed at both instances, and through the door.
  const atVictim = await Promise.all(ids.map((id) => follow(one, id)));
  const elsewhere = ids.flatMap((id) => [followToTheEnd([two], id), followToTheEnd([shop.info.gateway], id)]);
  await Promise.all(atVictim.map((following) => sees(following, 2)));
  await shop.supervisor.kill('order-1');
  const resumed = atVictim.map(async (following, i) => {
    expect(await following.over).toBe('broken');
    const seen = following.events();
    const rest = await followToTheEnd([two], ids[i] ?? '', seen.at(-1)?.version);
    return [...seen, ...rest];
  });
  for (const events of await Promise.all([...resumed, ...elsewhere])) {
    expect(versions(events)).toEqual([1, 2, 3, 4]);
  }
  await back('order-1');
}, 120_000);

describe('When an instance is stopped while it streams, then it stops in time, and its clients go on', () => {
  test.each([
    ['order-2', 'order-1'],
    ['gateway-1', 'gateway-1'],
  ])(
    '%s',
    async (name, next) => {
      const origin = originOf(name);
      const ids = await paying(20, 'tok_late');
      const followings = await Promise.all(ids.map((id) => follow(origin, id)));
      await Promise.all(followings.map((following) => sees(following, 2)));
      // Who connected and says nothing is cut when the patience is over; streams are not waited for at all.
      const silent = connect({ host: '127.0.0.1', port: Number(new URL(origin).port) });
      silent.on('error', () => undefined);
      await once(silent, 'connect');
      const stopped = shop.supervisor.stop(name);
      const patience = once(silent, 'close').then(() => 'the silent one');
      const streams = Promise.all(followings.map(({ over }) => over)).then(() => 'the streams');
      expect(await Promise.race([patience, streams])).toBe('the streams');
      await stopped;
      const log = await readFile(shop.supervisor.logFile(name), 'utf8');
      expect(log.trimEnd().split('\n').at(-1)).toContain('"msg":"Stopped"');
      await shop.supervisor.start(name);
      for (const [i, following] of followings.entries()) {
        await following.over;
        const seen = following.events();
        const rest = await followToTheEnd([originOf(next)], ids[i] ?? '', seen.at(-1)?.version);
        expect(rest.at(-1)?.state).toBe('cancelled');
        expect(versions([...seen, ...rest])).toEqual(
          Array.from({ length: rest.at(-1)?.version ?? 0 }, (_, n) => n + 1),
        );
      }
    },
    120_000,
  );
});
