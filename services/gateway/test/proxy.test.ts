import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import {
  type Behaviour,
  closeAll,
  failing,
  healthy,
  hung,
  mute,
  openDoor,
  resetting,
  startInstance,
  statusesOf,
} from './door.ts';

afterEach(closeAll);

const all = (count: number, status: number): number[] => Array.from({ length: count }, () => status);
const post = (origin: string, body: string) =>
  fetch(`${origin}/orders`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
const isWithinBudget = ({ requests, retries }: { requests: number; retries: number }) =>
  retries <= requests / 10 + 10;

/** Two instances, of which the second is healthy. */
async function besideHealthy(behaviour: typeof healthy) {
  return [await startInstance('order-1', behaviour), await startInstance('order-2', healthy)] as const;
}

describe('When one of two instances', () => {
  test.each([
    ['hangs', hung],
    ['answers nothing but that it is ready', mute],
    ['resets', resetting],
    ['answers 500', failing],
  ])('%s, then GET is answered by the other one', async (_name, behaviour) => {
    const door = await openDoor(await besideHealthy(behaviour));
    expect(await statusesOf(8, () => fetch(`${door.origin}/orders/1`))).toEqual(all(8, 200));
    expect((await fetch(`${door.origin}/orders/1`, { method: 'HEAD' })).status).toBe(200);
    expect(door.order().retries).toBeGreaterThan(0);
  });

  test.each([
    ['hangs', hung, 504],
    ['answers nothing but that it is ready', mute, 504],
    ['resets', resetting, 502],
    ['answers 500', failing, 500],
  ])('%s, then no POST is sent twice, and the client is told', async (_name, behaviour, status) => {
    const [bad, good] = await besideHealthy(behaviour);
    const door = await openDoor([bad, good], { answerMs: 1_500 });
    const statuses = await statusesOf(6, (n) => post(door.origin, `order ${n}`));
    const sent = [...bad.bodies, ...good.bodies];
    expect(sent.toSorted()).toEqual(['order 0', 'order 1', 'order 2', 'order 3', 'order 4', 'order 5']);
    expect(bad.bodies.length).toBeGreaterThan(0);
    expect(statuses.filter((one) => one === status)).toHaveLength(bad.bodies.length);
    expect(statuses.filter((one) => one === 200)).toHaveLength(good.bodies.length);
    expect(door.order().retries).toBe(0);
  });

  test('refuses connections, then a POST goes to the other one, with its whole body', async () => {
    const [gone, good] = await besideHealthy(healthy);
    gone.close();
    const door = await openDoor([gone, good]);
    const statuses = await statusesOf(4, (n) => post(door.origin, `order ${n} ${'x'.repeat(100_000)}`));
    expect(statuses).toEqual(all(4, 200));
    expect(good.bodies.map((body) => body.length)).toEqual(all(4, 100_008));
    expect(door.order().retries).toBe(1);
  });

  test('fails everything, then retries stay within their budget, and it is passed over', async () => {
    const [bad, good] = await besideHealthy(failing);
    const door = await openDoor([bad, good]);
    expect(await statusesOf(300, () => fetch(`${door.origin}/orders/1`))).toEqual(all(300, 200));
    expect(isWithinBudget(door.order())).toBe(true);
    expect(bad.requests).toBeLessThan(10);
    expect(door.lines[0]).toMatchObject({ passedOver: 'order-1', cause: 'failing' });
    expect(door.lines).not.toContainEqual(expect.objectContaining({ passedOver: 'order-2' }));
  });

  test('is slow where the other one is not, then it is passed over', async () => {
    const door = await openDoor(await besideHealthy(mute), { tryMs: 200 });
    await eventually('it is passed over', async () => {
      await statusesOf(1, () => fetch(`${door.origin}/orders/1`));
      return door.lines.length > 0;
    });
    expect(door.lines).toEqual([expect.objectContaining({ passedOver: 'order-1', cause: 'failing' })]);
  });

  test('hangs under many POSTs, then each is sent once, and those that had not left go to the other', async () => {
    const held: ServerResponse[] = [];
    const hold: Behaviour = (_req, res) => void held.push(res);
    const bad = await startInstance('order-1', hold);
    const good = await startInstance('order-2', hold);
    const door = await openDoor([bad, good], { answerMs: 60_000, totalMs: 60_000 });
    const ids = Array.from({ length: 300 }, (_, n) => `order ${n}`);
    const untold: Response[] = [];
    const asked = ids.map(async (id) => {
      const response = await post(door.origin, id);
      if (response.status === 504) untold.push(response);
      return response.status;
    });
    // As many have left as there are connections; the others wait for one.
    await eventually('all are under way', () => {
      const inFlight = door.order().instances.map((instance) => instance.inFlight);
      return held.length === 256 && inFlight.join() === '150,150';
    });
    bad.hang();
    await eventually('the client is told of what had left', () => untold.length === 128);
    expect([bad.bodies.length, door.order().retries]).toEqual([128, 22]);
    expect(untold[0]?.headers.get('retry-after')).toBe('1');
    expect(await untold[0]?.text()).toContain('repeated with its key');
    expect(door.lines).toEqual([expect.objectContaining({ passedOver: 'order-1', cause: 'silent' })]);
    await eventually('all others are answered', () => {
      for (const res of held.splice(0)) res.end();
      return good.bodies.length === 172;
    });
    for (const res of held.splice(0)) res.end();
    expect((await Promise.all(asked)).filter((status) => status === 200)).toHaveLength(172);
    expect([...bad.bodies, ...good.bodies].toSorted()).toEqual(ids.toSorted());
  });

  test('is full and says when to come again, then the client is told so, and the instance stays', async () => {
    const full = await besideHealthy((_req, res) => void res.writeHead(503, { 'retry-after': '7' }).end());
    const door = await openDoor(full);
    const statuses = await statusesOf(20, () => fetch(`${door.origin}/orders/1`));
    expect(statuses.filter((status) => status === 503)).toHaveLength(10);
    expect([door.order().retries, door.lines]).toEqual([0, []]);
  });
});

describe('When all instances', () => {
  test('fail everything, then the client is told, and half of them stay', async () => {
    const bad = [await startInstance('order-1', failing), await startInstance('order-2', failing)];
    const door = await openDoor(bad);
    expect(await statusesOf(100, () => fetch(`${door.origin}/orders/1`))).toEqual(all(100, 500));
    expect(door.order().instances.filter(({ state }) => state === 'in')).toHaveLength(1);
  });

  test('fail four times out of five, then retries stop at a tenth of the requests', async () => {
    // Never five times in a row, so that none is passed over.
    const poor = (): Behaviour => {
      let asked = 0;
      return (req, res) => (asked++ % 5 === 4 ? healthy(req, res) : failing(req, res));
    };
    const instances = [await startInstance('order-1', poor()), await startInstance('order-2', poor())];
    const door = await openDoor(instances);
    const statuses = await statusesOf(300, () => fetch(`${door.origin}/orders/1`));
    const { requests, retries } = door.order();
    expect([requests, isWithinBudget(door.order())]).toEqual([300, true]);
    expect(retries).toBeGreaterThan(30);
    expect(instances.reduce((sum, one) => sum + one.requests, 0)).toBe(requests + retries);
    expect(statuses.filter((status) => status === 500).length).toBeGreaterThan(200);
  });

  test('are slow, then GET is answered all the same', async () => {
    const waiting: (() => void)[] = [];
    const slow = await startInstance('order-1', (_req, res) => void waiting.push(() => res.end('late')));
    const asked = openDoor([slow], { tryMs: 10 }).then(({ origin }) => fetch(`${origin}/orders/1`));
    // The second request is there to let more than the limit of a try pass.
    const other = await openDoor([await startInstance('order-2', hung)], { tryMs: 10, totalMs: 200 });
    expect((await fetch(`${other.origin}/orders/1`)).status).toBe(504);
    for (const answer of waiting) answer();
    expect(await (await asked).text()).toBe('late');
  });

  test('are slow in the same way, then none is passed over for it', async () => {
    const slow: Behaviour = (_req, res) => void setTimeout(() => res.end(), 100);
    const door = await openDoor(
      [await startInstance('order-1', slow), await startInstance('order-2', slow)],
      {
        tryMs: 20,
      },
    );
    expect(await statusesOf(20, () => fetch(`${door.origin}/orders/1`))).toEqual(all(20, 200));
    expect(door.order().retries).toBeGreaterThan(5);
    expect(door.lines).toEqual([]);
  });

  test('refuse connections, then it is 503 with Retry-After', async () => {
    const gone = [await startInstance('order-1', healthy), await startInstance('order-2', healthy)];
    for (const instance of gone) instance.close();
    const door = await openDoor(gone);
    for (const response of [await fetch(`${door.origin}/orders/1`), await post(door.origin, '{}')]) {
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    }
  });

  test('are unknown, then it is 503 with Retry-After', async () => {
    const door = await openDoor([]);
    const response = await post(door.origin, '{}');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(door.proxy.isReady()).toBe(false);
  });
});
