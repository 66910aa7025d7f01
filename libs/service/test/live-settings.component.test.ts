import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openSettings, settingKey } from '@doorbuster/discovery';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { eventually } from '../../../test/support/eventually.ts';
import { ownConsul } from '../../../test/support/own-consul.ts';
import { servers } from '../../../test/support/servers.ts';
import { followSettings, type LiveSettings } from '../src/live-settings.ts';

const Config = z.object({ ORDERS_MAX: z.coerce.number().int().min(1).default(5_000) });
const name = 'ORDERS_MAX';

let followed: LiveSettings<z.infer<typeof Config>, typeof name> | undefined;
afterEach(() => followed?.close());

/** Follows the settings of a service that nobody else has, from the environment's 700. */
function follow(consulUrl: string, service = `test-${randomUUID()}`) {
  const lines: { message: string; key?: string; reason?: string }[] = [];
  const note = (fields: object, message: string) => lines.push({ ...fields, message });
  const environment = { ORDERS_MAX: 700 };
  const log = { info: note, warn: note };
  const settings = followSettings({ service, live: [name], environment, schema: Config, consulUrl, log });
  followed = settings;
  const store = openSettings(consulUrl);
  return {
    service,
    lines,
    asked: settings.asked,
    value: () => settings.get(name),
    is: (value: number) => eventually(`it is ${value}`, () => settings.get(name) === value),
    set: (text: string) => store.set({ service, name, text }),
    unset: () => store.unset({ service, name }),
  };
}

describe('When a setting is set in Consul', () => {
  test('then it is in force, and returns to the environment when its key is deleted', async () => {
    const { value, is, set, unset } = follow(servers().consul);
    expect(value()).toBe(700);
    await set('100');
    await is(100);
    await set('200');
    await is(200);
    await unset();
    await is(700);
  });

  test('to a wrong value, then that is refused, and the last good one stays', async () => {
    const { service, lines, value, is, set, unset } = follow(servers().consul);
    await set('100');
    await is(100);
    await set('many');
    const refusal = await eventually('it is refused', () => lines.find(({ reason }) => reason !== undefined));
    expect(refusal).toMatchObject({
      key: settingKey(service, name),
      reason: expect.stringMatching(/number/),
    });
    expect(value()).toBe(100);
    await set('');
    await eventually('it is refused, too', () => lines.find(({ reason }) => reason === 'It is blank'));
    expect(value()).toBe(100);
    await unset();
    await is(700);
  });

  test('before the service starts, then the service starts with it', async () => {
    const service = `test-${randomUUID()}`;
    await openSettings(servers().consul).set({ service, name, text: '100' });
    const { asked, value, unset } = follow(servers().consul, service);
    await asked;
    expect(value()).toBe(100);
    await unset();
  });

  test('of a service whose name begins alike, then that is none of ours', async () => {
    const { service, is, set, unset, lines } = follow(servers().consul);
    const other = { service: `${service}-too`, name };
    await openSettings(servers().consul).set({ ...other, text: '1' });
    await set('100');
    await is(100);
    expect(lines.map(({ message }) => message)).toEqual(['Setting changed']);
    await openSettings(servers().consul).unset(other);
    await unset();
  });
});

describe('When Consul is not there', () => {
  let consul: Awaited<ReturnType<typeof ownConsul>>;
  beforeAll(async () => {
    consul = await ownConsul();
  });
  afterAll(() => consul.close());

  test('then the last good value stays; when it comes back empty, then the environment rules again', async () => {
    const { lines, value, is, set } = follow(consul.url);
    // Its index is now far beyond those that it will count from when it comes back.
    for (let n = 1; n <= 100; n++) await set(String(n));
    await is(100);
    await consul.stop();
    await eventually('it is missed', () =>
      lines.some(({ message }) => message.startsWith('Consul does not')),
    );
    expect(value()).toBe(100);
    await consul.start();
    // Sooner than a query for an index of the lost store would come back.
    await eventually('it is followed again', () => value() === 700, 15_000);
    await set('200');
    await is(200);
    expect(lines.filter(({ message }) => message.startsWith('Consul does not'))).toHaveLength(1);
  });

  test('at the start, then the environment rules, and Consul as soon as it is there', async () => {
    await consul.stop();
    const { asked, value, is, set } = follow(consul.url);
    await asked;
    expect(value()).toBe(700);
    await consul.start();
    await set('100');
    await is(100);
  });

  test('but something else answers in its place, then that says nothing, and Consul is asked again', async () => {
    let isInTheWay = false;
    let turnedAway = 0;
    const door = createServer(async (req, res) => {
      if (isInTheWay) turnedAway++;
      if (isInTheWay) return void res.writeHead(404).end();
      const answer = await fetch(`${consul.url}${req.url}`);
      const index = answer.headers.get('x-consul-index') ?? '';
      res.writeHead(answer.status, { 'content-type': 'application/json', 'x-consul-index': index });
      res.end(await answer.text());
    }).listen(0, '127.0.0.1');
    await once(door, 'listening');
    const { service, value, is } = follow(`http://127.0.0.1:${(door.address() as AddressInfo).port}`);
    const store = openSettings(consul.url);
    await store.set({ service, name, text: '100' });
    await is(100);
    isInTheWay = true;
    door.closeAllConnections();
    await eventually('it is asked again', () => turnedAway > 2);
    expect(value()).toBe(100);
    isInTheWay = false;
    await store.set({ service, name, text: '200' });
    await is(200);
    door.close();
    door.closeAllConnections();
  });
});

test('When there is no Consul to be asked, then the environment rules', async () => {
  const log = { info: () => undefined, warn: () => undefined };
  const environment = { ORDERS_MAX: 700 };
  const options = {
    service: 'x',
    live: [name],
    environment,
    schema: Config,
    consulUrl: undefined,
    log,
  } as const;
  followed = followSettings(options);
  await followed.asked;
  expect(followed.get(name)).toBe(700);
});
