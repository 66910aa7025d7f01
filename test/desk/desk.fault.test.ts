import {
  type ActionBody,
  ActionDone,
  type ActionName,
  DeskView,
  type LiveVerdict,
} from '@doorbuster/contracts';
import { type Shop, silentProgress, startShop } from '@doorbuster/stack';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';

// Breaks: whatever the control room's buttons break, each in turn, in one shop. Must hold: each does what it says and
// leaves a mark, what cannot be done is refused, and the verdict is red only where a book is wrong.

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ progress: silentProgress, traceShare: 0, desk: true });
}, 180_000);
afterAll(() => shop?.stop(), 120_000);

async function ask(path: string, method: string, body?: object, token = shop.info.operatorToken) {
  return fetch(`${shop.info.desk}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

const view = async () => DeskView.parse(await (await ask('/desk', 'GET')).json());
const press = <Name extends ActionName>(name: Name, body: ActionBody<Name>) =>
  ask(`/desk/${name}`, 'POST', body);

/** Presses a button that must work; its mark is the newest on the charts. */
async function pressed<Name extends ActionName>(name: Name, body: ActionBody<Name>): Promise<string> {
  const response = await press(name, body);
  expect([name, response.status]).toEqual([name, 200]);
  const { mark } = ActionDone.parse(await response.json());
  expect((await view()).marks.at(-1)).toEqual(mark);
  return mark.text;
}

const processOf = (name: string) => shop.supervisor.list().find((one) => one.name === name);
const ready = (name: string) =>
  eventually(`${name} is ready`, () => processOf(name)?.state === 'ready' && processOf(name));

async function inDatabase<Row extends pg.QueryResultRow>(
  database: keyof Shop['info']['postgres'],
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: shop.info.postgres[database] });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function buy(): Promise<string> {
  const customer = newCustomer(shop.info.gateway);
  const { id } = await customer.place('tok_ok', [{ sku: 'DB-1030', quantity: 2 }]);
  expect(await customer.ended(id)).toMatchObject({ state: 'completed' });
  return id;
}

/** A live verdict that was made after now. */
async function verdictWhere(what: string, is: (verdict: LiveVerdict) => boolean): Promise<LiveVerdict> {
  const from = Date.now();
  return eventually(`the verdict is ${what}`, async () => {
    const { verdict } = await view();
    return verdict !== null && Date.parse(verdict.at) >= from && is(verdict) && verdict;
  });
}

const broken = ({ invariants }: LiveVerdict) => invariants.filter(({ holds }) => !holds).map(({ id }) => id);

describe('When the desk is asked for what it does not do', () => {
  test.each([
    ['POST', '/desk/kill', { instance: 'order-1' }, 401, 'another-token'],
    ['DELETE', '/desk', undefined, 405, undefined],
    ['GET', '/desk/kill', undefined, 405, undefined],
    ['PUT', '/desk/kill', { instance: 'order-1' }, 405, undefined],
    ['PUT', '/desk/spike', {}, 422, undefined],
    ['GET', '/nowhere', undefined, 404, undefined],
    ['POST', '/desk/acquirer', { latencyMs: 1 }, 404, undefined],
    ['POST', '/desk/kill', {}, 422, undefined],
    ['POST', '/desk/kill', { instance: 'nobody-1' }, 404, undefined],
    ['POST', '/desk/kill', { instance: 'desk-1' }, 409, undefined],
    ['POST', '/desk/pause', { instance: 'gateway-1', paused: true }, 409, undefined],
    ['POST', '/desk/pause', { instance: 'order-1', paused: false }, 409, undefined],
    ['POST', '/desk/scale', { service: 'kafka', instances: 2 }, 404, undefined],
    ['POST', '/desk/scale', { service: 'order', instances: 17 }, 422, undefined],
    ['POST', '/desk/poison', { topic: 'doorbuster.order.events.v1' }, 404, undefined],
    ['POST', '/desk/kafka', { paused: false }, 409, undefined],
    ['POST', '/desk/twice', { on: false }, 409, undefined],
    ['POST', '/desk/spike', { stop: true }, 409, undefined],
    ['POST', '/desk/spike', { seconds: 5, basePerS: 5, peakPerS: 1, seed: 1 }, 422, undefined],
  ])('%s %s %j, then it is refused with %i', async (method, path, body, status, token) => {
    const response = await ask(path, method, body, token);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status, detail: expect.stringMatching(/\w/) });
    expect((await view()).marks).toEqual([]);
  });
});

test('When an instance is killed, then another process takes its place', async () => {
  const { pid } = await ready('payment-1');
  expect(await pressed('kill', { instance: 'payment-1' })).toBe('payment-1 is killed');
  const next = await eventually('there is another', () => {
    const one = processOf('payment-1');
    return one?.state === 'ready' && one.pid !== pid && one;
  });
  expect(next.pid).not.toBe(pid);
});

test('When an instance is paused, then it is seen, and goes on when it may', async () => {
  await pressed('pause', { instance: 'inventory-1', paused: true });
  const { processes } = await view();
  expect(processes).toContainEqual(expect.objectContaining({ name: 'inventory-1', state: 'paused' }));
  await pressed('pause', { instance: 'inventory-1', paused: false });
  await ready('inventory-1');
});

test('When one more is wanted, then there are two', async () => {
  expect(await pressed('scale', { service: 'notification', instances: 2 })).toBe('notification: 2 instances');
  expect(processOf('notification-2')).toMatchObject({ state: 'ready' });
  await pressed('scale', { service: 'notification', instances: 1 });
  expect(processOf('notification-2')).toBeUndefined();
});

test('When poison is sent, then it is a dead letter of whoever it was for', async () => {
  await pressed('poison', {});
  await pressed('poison', { topic: 'doorbuster.inventory.commands.v1' });
  for (const [service, type] of [
    ['payment', 'CapturePayment'],
    ['inventory', 'ReserveStock'],
  ] as const) {
    const letter = await eventually(`${service} has parked it`, async () => {
      const [row] = await inDatabase(service, 'select type, reason from dead_letters');
      return row;
    });
    expect(letter).toEqual({ type, reason: 'against the contract' });
  }
});

test('When everything is sent twice, then duplicates are stopped, until it is switched off', async () => {
  const stopped = async () => {
    const [row] = await inDatabase<{ count: string }>(
      'order',
      `select coalesce(sum(count), 0) as count from stopped_duplicates`,
    );
    return Number(row?.count);
  };
  const before = await stopped();
  await pressed('twice', { on: true });
  expect((await view()).faults).toEqual({ kafkaPaused: false, twice: true });
  expect((await press('twice', { on: true })).status).toBe(409);
  await eventually('order has stopped three', async () => {
    await buy();
    return (await stopped()) >= before + 3;
  });
  await pressed('twice', { on: false });
  expect((await view()).faults.twice).toBe(false);
});

test('When Kafka goes silent, then what needs it is refused, and afterwards orders are confirmed again', async () => {
  await pressed('kafka', { paused: true });
  expect((await view()).faults.kafkaPaused).toBe(true);
  expect((await press('poison', {})).status).toBe(409);
  expect((await press('twice', { on: true })).status).toBe(409);
  await pressed('kafka', { paused: false });
  await buy();
});

describe('When the verdict is watched', () => {
  test('then it holds, and tells the numbers', async () => {
    const id = await buy();
    const { invariants, isFinal, verdict } = await verdictWhere('with this order', ({ invariants }) =>
      /, 0 open/.test(invariants[3]?.evidence ?? ''),
    );
    expect([isFinal, verdict]).toEqual([false, 'PASS']);
    expect(invariants.map((one) => one.id)).toEqual(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8']);
    expect(invariants[4]?.evidence).toMatch(/^captured £.* = confirmed £/);
    expect(id).toMatch(/^0/);
  });

  test.each([
    [
      'payment',
      'payments',
      'captured_cents = captured_cents - 1',
      'captured_cents = captured_cents + 1',
      'I5',
    ],
    ['acquirer', 'charges', 'amount_cents = amount_cents + 1', 'amount_cents = amount_cents - 1', 'I5'],
    ['order', 'orders', 'version = version + 1', 'version = version - 1', 'I8'],
  ] as const)(
    'then a wrong number in the database of %s, %s turns it red',
    async (database, table, wrong, right, id) => {
      const orderId = await buy();
      const where = `where ${table === 'orders' ? 'id' : 'order_id'} = $1`;
      await verdictWhere('green', ({ verdict }) => verdict === 'PASS');
      await inDatabase(database, `update ${table} set ${wrong} ${where}`, [orderId]);
      const red = await verdictWhere('red', ({ verdict }) => verdict === 'FAIL');
      expect(broken(red)).toEqual([id]);
      await inDatabase(database, `update ${table} set ${right} ${where}`, [orderId]);
      await verdictWhere('green again', ({ verdict }) => verdict === 'PASS');
    },
  );
});

describe('When a spike is started', () => {
  const course = { seconds: 8, basePerS: 2.5, peakPerS: 20, seed: 7 };

  test('then it can be stopped', async () => {
    await pressed('spike', course);
    expect((await press('spike', course)).status).toBe(409);
    expect((await view()).spike).toMatchObject({ ...course, state: 'running', by: 'operator', report: null });
    await pressed('spike', { stop: true });
    expect((await view()).spike).toMatchObject({ state: 'stopped', endedAt: expect.any(String) });
  });

  test('then the live verdict holds while it runs, and at its end the auditor says the same of everything', async () => {
    await pressed('spike', course);
    const verdicts: LiveVerdict[] = [];
    const ended = await eventually('it has ended', async () => {
      const { spike, verdict } = await view();
      if (verdict !== null && verdict.at !== verdicts.at(-1)?.at) verdicts.push(verdict);
      return spike?.endedAt !== null && spike;
    });
    expect(ended).toMatchObject({
      state: 'ended',
      report: { verdict: 'PASS', orders: { failed: 0, open: 0 } },
    });
    expect(verdicts.filter(({ verdict }) => verdict === 'FAIL')).toEqual([]);
    // A machine that is busy is looked at less often.
    expect(verdicts.filter(({ isFinal }) => !isFinal).length).toBeGreaterThan(0);
    const { verdict: final } = await view();
    expect(final).toMatchObject({ isFinal: true, verdict: 'PASS' });
  });
});
