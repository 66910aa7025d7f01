import { describe, expect, test } from '@jest/globals';
import { issueToken, newSigningKey, readSigningKey } from '../../libs/operator/src/index.ts';
import { badTokens } from '../../libs/operator/test/bad-tokens.ts';
import { run } from '../support/command.ts';
import { addressOf, askShop, routes } from '../support/contract.ts';
import { admin } from '../support/operator.ts';
import { shop } from '../support/servers.ts';

/** Taken from the contract, so that none is forgotten. */
const forOperators = routes.filter(({ path }) => path.startsWith('/admin'));

/** After a key was replaced, and the old one is taken out. */
const ofAnOldKey = async () =>
  `Bearer ${await issueToken(readSigningKey(newSigningKey('old')), { name: 'ann', minutes: 1 })}`;

const everyBadToken = async (): Promise<[what: string, authorization: string][]> => [
  ...(await badTokens(shop().operatorSigningKey)),
  ['a key that was replaced', await ofAnOldKey()],
];

test('When the contract has a route under /admin, then it says that it is for operators', () => {
  expect(forOperators.length).toBeGreaterThan(8);
  expect(forOperators.filter(({ security }) => security === undefined)).toEqual([]);
  expect(routes.filter(({ path, security }) => security && !path.startsWith('/admin'))).toEqual([]);
});

describe.each(forOperators.map((route) => ({ name: `${route.method} ${route.path}`, route })))(
  'When $name is asked for',
  ({ route }) => {
    test('then it is denied to whoever shows no right token', async () => {
      const body = route.method === 'GET' ? {} : { body: {} };
      const answered = [];
      for (const [what, authorization] of await everyBadToken()) {
        const response = await askShop(route, { ...body, headers: { authorization } });
        await response.body?.cancel();
        answered.push([what, response.status, response.headers.get('www-authenticate')]);
      }
      expect(answered).toEqual(answered.map(([what]) => [what, 401, 'Bearer']));
    });

    test('then a right token gets further', async () => {
      const response = await askShop(route, route.method === 'GET' ? {} : { body: {} });
      await response.body?.cancel();
      expect([401, 403]).not.toContain(response.status);
    });
  },
);

describe('When somebody goes past the gateway', () => {
  const instances = async (service: string): Promise<string[]> => {
    const found = await fetch(`${shop().consul}/v1/health/service/${service}?passing=true`);
    const entries = (await found.json()) as { Service: { Address: string; Port: number } }[];
    return entries.map(({ Service: { Address, Port } }) => `http://${Address}:${Port}`);
  };

  test.each(['order', 'inventory', 'payment', 'notification', 'gateway'])(
    'to %s, then it denies everything under /admin itself',
    async (service) => {
      const [address] = service === 'gateway' ? [shop().gateway] : await instances(service);
      for (const path of [
        `/admin/${service}/dead-letters`,
        '/admin/sagas',
        '/admin/nowhere',
        '/ADMIN/sagas',
        '//admin/sagas',
      ])
        for (const [what, authorization] of await everyBadToken()) {
          const response = await fetch(`${address}${path}`, { headers: { authorization } });
          const { status } = response;
          await response.body?.cancel();
          // What is no address under /admin is none at all.
          expect([what, path, status]).toEqual([what, path, path.startsWith('//') ? 404 : 401]);
        }
    },
  );

  test('to the supervisor, then it denies everything', async () => {
    for (const [what, authorization] of await everyBadToken()) {
      const response = await fetch(`${shop().supervisor}/processes`, { headers: { authorization } });
      await response.body?.cancel();
      expect([what, response.status]).toEqual([what, 401]);
    }
  });
});

describe('When an operator wants a token', () => {
  test('then the command makes one that opens the door, and says until when', async () => {
    const { code, output, complaint } = await run('token', '--minutes', '1', '--by', 'ann');
    expect(code).toBe(0);
    expect(complaint).toMatch(/ann .* 1 minutes[\s\S]*control#token=eyJ/);
    expect((await admin('/whoami', undefined, `Bearer ${output.trim()}`)).status).toBe(204);
  });

  test('then one that is good for too long is refused', async () => {
    expect(await run('token', '--minutes', '721')).toMatchObject({ code: 2, output: '' });
  });
});

test('When an address is asked for that is none, then nobody but an operator hears that', async () => {
  expect((await fetch(addressOf('/admin/nowhere'))).status).toBe(401);
  expect((await admin('/nowhere')).status).toBe(404);
});
