import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openSettings } from '@doorbuster/discovery';
import { type Shop, silentProgress, startShop } from '@doorbuster/stack';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { boards, rules } from '../house/observability.ts';
import { fillIn, selectorsIn } from '../house/promql.ts';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';

// Breaks: the acquirer, by answers that take 3 s, and Kafka, by SIGSTOP. Must hold: the right alert fires and clears,
// with the rules of every day in shorter windows; and before that, everything that boards and rules ask for is there.

/** How much shorter the windows are. More, and the shortest would hold too few samples, which come every 5 s. */
const shorter = 4;
const clients = 20;
const limitMs = 240_000;

let shop: Shop;
let load: ReturnType<typeof startLoad>;
beforeAll(async () => {
  shop = await startShop({ progress: silentProgress, traceShare: 0, observability: true });
  await shortenWindows();
  load = startLoad();
}, 1_800_000);
afterAll(async () => {
  await load?.stop();
  await shop?.stop();
}, 180_000);

const prometheus = (): string => {
  const { prometheus: address } = shop.info;
  if (address === undefined) throw new Error('The shop was started without Prometheus');
  return address;
};

const secondsOf: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Has Prometheus take rules whose windows and patience are shorter; it has a copy of its own. */
async function shortenWindows(): Promise<void> {
  const folder = path.join(shop.info.runDir, 'prometheus', 'rules');
  const shorten = (count: string, unit = 's') =>
    `${Math.ceil((Number(count) * (secondsOf[unit] ?? 1)) / shorter)}s`;
  for (const name of await readdir(folder)) {
    const text = await readFile(path.join(folder, name), 'utf8');
    const shortened = text
      .replaceAll(/\[(\d+)([smhd])\]/g, (_, count, unit) => `[${shorten(count, unit)}]`)
      // A window that is shorter has fewer events in it.
      .replaceAll('>= 100 /', `>= ${100 / shorter} /`)
      .replaceAll(/^( +for: )(\d+)([smhd])$/gm, (_, before, count, unit) => before + shorten(count, unit));
    await writeFile(path.join(folder, name), shortened);
  }
  const pid = shop.info.processes.find(({ name }) => name === 'prometheus')?.pid;
  if (!pid) throw new Error('Prometheus does not run');
  process.kill(pid, 'SIGHUP');
  const patience = z.object({
    data: z.object({
      groups: z.array(
        z.object({ rules: z.array(z.object({ name: z.string(), duration: z.number().optional() })) }),
      ),
    }),
  });
  await eventually('the shorter rules hold', async () => {
    const response = await fetch(`${prometheus()}/api/v1/rules`);
    const { groups } = patience.parse(await response.json()).data;
    return groups.some((group) =>
      group.rules.some((rule) => rule.name === 'AcquirerSlow' && rule.duration === 60 / shorter),
    );
  });
}

const Answer = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }),
});

/** The series that an expression gives now. @throws when it is wrong */
async function query(expression: string): Promise<Record<string, string>[]> {
  const response = await fetch(`${prometheus()}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression }),
  });
  if (!response.ok) throw new Error(`${expression}: ${await response.text()}`);
  return Answer.parse(await response.json()).data.result.map(({ metric }) => metric);
}

const fires = async (alert: string): Promise<boolean> =>
  (await query(`ALERTS{alertname="${alert}", alertstate="firing"}`)).length > 0;

/** Of each ten orders one is declined, one gets no answer from the acquirer, and one times out. */
const cards = [
  'tok_ok',
  'tok_ok',
  'tok_ok',
  'tok_ok',
  'tok_ok',
  'tok_ok',
  'tok_ok',
  'tok_declined',
  'tok_lost',
  'tok_late',
];
let mix = ['tok_ok'];

/** A small and steady load: customers who order again and again. They mind neither refusals nor silence. */
function startLoad() {
  const customer = newCustomer(shop.info.gateway);
  let isOver = false;
  async function buy(n: number): Promise<void> {
    for (let i = n; !isOver; i++) {
      const lines = [{ sku: `DB-${1_120 + n}`, quantity: 1 }];
      const traceparent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
      const body = customer.order(mix[i % mix.length] ?? 'tok_ok', lines);
      const answer = await customer.post(body, { traceparent }).catch(() => undefined);
      const id =
        answer?.status === 202 ? z.object({ id: z.string() }).parse(await answer.json()).id : undefined;
      if (id === undefined) await answer?.body?.cancel();
      else await eventually('the order is over', async () => isOver || (await isDone(id)), limitMs);
    }
  }
  async function isDone(id: string): Promise<boolean> {
    const view = await customer.look(id).catch(() => undefined);
    return view !== undefined && view.state !== 'reserving' && view.state !== 'paying';
  }
  const buying = Promise.all(Array.from({ length: clients }, (_, n) => buy(n)));
  return {
    async stop() {
      isOver = true;
      await buying;
    },
  };
}

test('When a spike is on, then every expression of every board and rule has something to tell', async () => {
  const asked = [
    ...boards().flatMap(({ file, panels }) =>
      panels.flatMap((panel) =>
        panel.type === 'row'
          ? []
          : panel.targets.map(({ expr }) => ({
              place: `${file}: ${panel.title}`,
              expr: fillIn(expr).replaceAll('[1m]', '[30s]'),
            })),
      ),
    ),
    // What an alert compares is there although the alert does not fire; what is recorded, under its name.
    ...rules().flatMap(({ file, record, alert, expr }) =>
      [...selectorsIn(expr), ...(record === undefined ? [] : [record])].map((selector) => ({
        place: `${file}: ${record ?? alert}`,
        expr: selector,
      })),
    ),
  ];
  mix = cards;
  // The door has room for few at a time, so that it sheds some and sells to others.
  const settings = openSettings(shop.info.consul);
  const door = { service: 'gateway', name: 'ADMISSION_IN_FLIGHT_MAX' };
  await settings.set({ ...door, text: '2' });
  let silent = asked;
  const allTold = async () => {
    const told = await Promise.all(silent.map(async ({ expr }) => (await query(expr)).length > 0));
    silent = silent.filter((_, n) => !told[n]);
    return silent.length === 0;
  };
  await eventually('everything has told something', allTold, limitMs).catch(() => undefined);
  await settings.unset(door);
  mix = ['tok_ok'];
  expect(silent).toEqual([]);
}, 600_000);

test('When the acquirer takes 3 s, then that alert fires, and clears when it recovers', async () => {
  const take = async (latencyMs: number) => {
    const response = await fetch(`${shop.info.acquirer}/knobs`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ latencyMs }),
    });
    expect(response.status).toBe(200);
  };
  await eventually('all is well', async () => !(await fires('AcquirerSlow')), limitMs);
  await take(3_000);
  await eventually('the alert fires', () => fires('AcquirerSlow'), limitMs);
  expect(await fires('OutboxStale')).toBe(false);
  await take(0);
  await eventually('the alert clears', async () => !(await fires('AcquirerSlow')), limitMs);
}, 900_000);

test('When Kafka stands still, then what is fresh is what alerts, and clears when it goes on', async () => {
  expect(await fires('OutboxStale')).toBe(false);
  await shop.supervisor.pause('kafka');
  await eventually('the alert fires', () => fires('OutboxStale'), limitMs);
  await shop.supervisor.resume('kafka');
  await eventually('the alert clears', async () => !(await fires('OutboxStale')), limitMs);
}, 900_000);
