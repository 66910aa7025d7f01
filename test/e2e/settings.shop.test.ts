import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AcceptedOrder } from '@doorbuster/contracts';
import { afterEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { readTrace } from '../load/jaeger.ts';
import { run } from '../support/command.ts';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { shop } from '../support/servers.ts';

const customer = newCustomer();

const isSet: [service: string, name: string][] = [];
afterEach(async () => {
  for (const [service, name] of isSet.splice(0)) await unset(service, name);
});

async function set(service: string, name: string, text: string): Promise<void> {
  isSet.push([service, name]);
  expect(await run('settings', 'set', service, name, text)).toMatchObject({ code: 0, complaint: '' });
}

async function unset(service: string, name: string): Promise<void> {
  expect(await run('settings', 'unset', service, name)).toMatchObject({ code: 0, complaint: '' });
}

const Processes = z.object({ processes: z.array(z.object({ name: z.string(), pid: z.number() })) });

async function pidOf(instance: string): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${shop().operatorToken}` };
  const response = await fetch(`${shop().supervisor}/processes`, { headers });
  return Processes.parse(await response.json()).processes.find(({ name }) => name === instance)?.pid;
}

/** The changes of this setting that the instance has written down: old and new value. */
async function changesOf(instance: string, setting: string): Promise<[unknown, unknown][]> {
  const log = await readFile(path.join(shop().runDir, 'logs', `${instance}.log`), 'utf8');
  const lines = log.split('\n').filter((line) => line.includes('"msg":"Setting changed"'));
  return lines
    .map((line) => JSON.parse(line))
    .filter((line) => line.setting === setting)
    .map((line) => [line.old, line.new]);
}

/** Buyers who order one after the other until they are told to stop. */
function startBuyers() {
  const statuses: number[] = [];
  const accepted: string[] = [];
  let isOver = false;
  const buying = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const response = await customer.post(customer.order('tok_ok', [{ sku: 'DB-1080', quantity: 1 }]));
      statuses.push(response.status);
      const body = await response.json();
      if (response.status === 202) accepted.push(AcceptedOrder.parse(body).id);
    }
  });
  const stop = async () => {
    isOver = true;
    await Promise.all(buying);
    for (const id of accepted) await customer.ended(id);
  };
  return { statuses, stop };
}

test('When the limit of open orders is lowered under load, then orders are shed until it is unset, by one process', async () => {
  const name = 'ADMISSION_OPEN_ORDERS_MAX';
  const pid = await pidOf('gateway-1');
  const { statuses, stop } = startBuyers();
  try {
    await eventually('orders are accepted', () => statuses.length >= 20);
    expect(statuses).not.toContain(429);
    await set('gateway', name, '1');
    await eventually('orders are shed', () => statuses.includes(429));
    await unset('gateway', name);
    const since = statuses.length;
    await eventually('orders are accepted again', () => {
      const latest = statuses.slice(since).slice(-40);
      return latest.length === 40 && latest.every((status) => status === 202);
    });
  } finally {
    await stop();
  }
  expect(new Set(statuses)).toEqual(new Set([202, 429]));
  expect(await pidOf('gateway-1')).toBe(pid);
  const changes = await changesOf('gateway-1', name);
  expect(changes.slice(-2)).toEqual([
    [3_000, 1],
    [1, 3_000],
  ]);
}, 120_000);

test('When the share of traces is set to none at the door, then new orders leave no trace until it is unset', async () => {
  const isTraced = async () => {
    const { id } = await customer.place('tok_ok', [{ sku: 'DB-1081', quantity: 1 }]);
    return (await customer.ended(id)).timeline.every(({ traceId }) => traceId !== null);
  };
  expect(await isTraced()).toBe(true);
  await set('gateway', 'TRACE_SHARE', '0');
  await eventually('an order leaves no trace', async () => !(await isTraced()));
  await unset('gateway', 'TRACE_SHARE');
  await eventually('an order leaves one again', isTraced);
});

/** How often the acquirer was asked for the money of an order with a slow card. */
async function capturesOfSlowCard(): Promise<number> {
  const traceId = randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  const { id } = await customer.place('tok_slow', [{ sku: 'DB-1082', quantity: 1 }], { traceparent });
  expect(await customer.ended(id)).toMatchObject({ status: 'confirmed' });
  return eventually('the trace is complete', async () => {
    const names = (await readTrace(shop().jaeger, traceId))?.map((span) => span.name) ?? [];
    const captures = names.filter((span) => span === 'effect acquirer.capture').length;
    return names.includes('effect mail.send') && captures > 0 && captures;
  });
}

test('When the time for the acquirer is cut, then a slow card is asked about again, until it is unset', async () => {
  const name = 'ACQUIRER_TIMEOUT_MS';
  await set('payment', name, '100');
  await eventually('payment knows', async () => (await changesOf('payment-1', name)).at(-1)?.[1] === 100);
  expect(await capturesOfSlowCard()).toBeGreaterThan(1);
  await unset('payment', name);
  await eventually('payment knows', async () => (await changesOf('payment-1', name)).at(-1)?.[0] === 100);
  expect(await capturesOfSlowCard()).toBe(1);
});

test('When somebody makes a mistake, then one sentence says so, and nothing is set', async () => {
  const before = await run('settings', 'list');
  expect(before.output).toMatch(/^gateway +ADMISSION_OPEN_ORDERS_MAX +3000$/m);
  const mistakes = [
    [['set', 'gatway', 'TRACE_SHARE', '0'], 'gateway, inventory, notification, order, payment.'],
    [['set', 'gateway', 'PORT', '8080'], 'ADMISSION_OPEN_ORDERS_MAX'],
    [['set', 'gateway', 'ADMISSION_OPEN_ORDERS_MAX', 'many'], 'expected number'],
    [['set', 'gateway', 'TRACE_SHARE', '1.5'], '<=1'],
  ] as const;
  for (const [args, hint] of mistakes) {
    const { code, output, complaint } = await run('settings', ...args);
    expect([code, output, complaint]).toEqual([2, '', expect.stringContaining(hint)]);
    expect(complaint.trimEnd()).not.toContain('\n');
  }
  expect(await run('settings', 'list')).toEqual(before);
});
