import { createHash } from 'node:crypto';
import { flows, topicOf, topics } from '@doorbuster/contracts';
import { createAsyncApi, createOpenApi } from '@doorbuster/contracts/documents';
import { createPublisher, readTopic } from '@doorbuster/messaging';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { validatorOf } from '../../libs/contracts/test/json-schema.ts';
import { type Ask, addressOf, askShop, complaintsAbout, routes } from '../support/contract.ts';
import { newCustomer } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { admin, letterOf, signed } from '../support/operator.ts';
import { shop } from '../support/servers.ts';

const customer = newCustomer();
const sku = 'DB-1080';
const nobody = '01900000-0000-7000-8000-000000000000';
const place = (card: string, quantity = 1) => customer.place(card, [{ sku, quantity }]);

/** Sends inventory a command that nobody knows, which it parks. */
async function puzzleInventory(orderId: string): Promise<void> {
  const publisher = await createPublisher({ brokers: shop().kafka, clientId: 'test' });
  const headers = { ce_id: `${orderId}/test/1/0`, ce_type: 'PaintStock' };
  await publisher.publish([{ topic: topicOf('ReserveStock').name, key: orderId, headers, value: '{}' }]);
  await publisher.close();
}

const parked = (orderId: string) =>
  eventually(`a call of order ${orderId} is parked`, async () =>
    (await (await admin('/sagas')).text()).includes(orderId),
  );

/** A knob of the acquirer: whether it says no to refunds of the card that is made for it. */
const refundsFail = async (yes: boolean) => {
  const headers = { 'content-type': 'application/json' };
  await fetch(`${shop().acquirer}/knobs`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ refundsFail: yes }),
  });
};

/** One order that was confirmed, with a dead letter at inventory, and two whose refund is parked. */
async function prepare() {
  const done = (await place('tok_ok')).id;
  await customer.ended(done);
  await puzzleInventory(done);
  const letter = String((await letterOf('inventory', done)).id);
  const [retried, resolved] = [await place('tok_refund_fails', 2), await place('tok_refund_fails', 3)];
  await Promise.all([parked(retried.id), parked(resolved.id)]);
  await refundsFail(false);
  const etag = (await fetch(addressOf('/products'))).headers.get('etag') ?? '';
  const page = await (await fetch(addressOf('/'))).text();
  const asset = /"\/assets\/([^"]+)"/.exec(page)?.[1] ?? '';
  return { done, letter, retried, resolved, etag, asset };
}
let ready: Awaited<ReturnType<typeof prepare>>;

describe('When the shop is asked for its documents', () => {
  test('then they are those that the contracts make', async () => {
    const openApi = await fetch(addressOf('/openapi.json'));
    expect(await openApi.json()).toEqual(JSON.parse(JSON.stringify(createOpenApi())));
    const asyncApi = await fetch(addressOf('/asyncapi.json'));
    expect(await asyncApi.json()).toEqual(JSON.parse(JSON.stringify(createAsyncApi())));
  });

  test('then the page comes with a policy that lets its own style through, and nothing else', async () => {
    const response = await fetch(addressOf('/docs'));
    const page = await response.text();
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(style.length).toBeGreaterThan(100);
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(page).toContain('</span> /orders/{id}</h3>');
  });
});

describe('When a path of the document is asked for a method that it does not have', () => {
  const byPath = Map.groupBy(routes, ({ path }) => path);

  test.each([...byPath.keys()])('%s, then it names those of the document', async (path) => {
    const services = path.includes('{service}') ? Object.keys(flows) : [''];
    for (const service of services) {
      const response = await fetch(addressOf(path, { service }), {
        method: 'OPTIONS',
        headers: { authorization: `Bearer ${shop().operatorToken}` },
      });
      const allowed = response.headers.get('allow')?.split(', ') ?? [];
      const documented = byPath.get(path)?.map(({ method }) => method) ?? [];
      const withHead = documented.includes('GET') ? [...documented, 'HEAD'] : documented;
      expect([service, response.status, allowed.toSorted()]).toEqual([service, 405, withHead.toSorted()]);
    }
  });
});

describe('When the shop answers', () => {
  beforeAll(async () => {
    ready = await prepare();
  });
  afterAll(async () => {
    await Promise.all([customer.ended(ready.retried.id), customer.ended(ready.resolved.id)]);
    await refundsFail(true);
  });

  const ofAnOrder = () => [
    { expects: 200, path: { id: ready.done } },
    { expects: 404, path: { id: nobody } },
  ];

  /** Each request with the status that must come of it. They are made one after the other, in this order. */
  const asks: Record<string, () => (Ask & { expects: number })[]> = {
    placeOrder: () => {
      const body = customer.order('tok_ok', [{ sku, quantity: 1 }]);
      const headers = { 'idempotency-key': 'contract' };
      return [
        { expects: 202, headers, body },
        { expects: 202, headers, body },
        { expects: 400, body },
        { expects: 422, headers, body: { ...body, lines: [] } },
        { expects: 422, headers, body: customer.order('tok_ok', [{ sku, quantity: 2 }]) },
      ];
    },
    showOrder: () => [
      { expects: 200, path: { id: ready.done } },
      { expects: 200, path: { id: ready.retried.id } },
      { expects: 200, path: { id: ready.done }, headers: { accept: 'text/html' } },
      { expects: 404, path: { id: nobody } },
    ],
    listMessages: () => ofAnOrder(),
    showTrace: () => ofAnOrder(),
    listMails: () => ofAnOrder(),
    followOrder: () => [
      { expects: 200, path: { id: ready.done } },
      { expects: 204, path: { id: ready.done }, headers: { 'last-event-id': '4' } },
      { expects: 400, path: { id: ready.done }, headers: { 'last-event-id': 'four' } },
      { expects: 404, path: { id: nobody } },
    ],
    listProducts: () => [
      { expects: 200, query: '?limit=500' },
      { expects: 200, query: '?after=DB-1198' },
      { expects: 200, query: '?q=lamp' },
      { expects: 304, headers: { 'if-none-match': ready.etag } },
      { expects: 400, query: '?limit=501' },
    ],
    showProduct: () => [
      { expects: 200, path: { sku } },
      { expects: 304, path: { sku }, headers: { 'if-none-match': ready.etag } },
      { expects: 404, path: { sku: 'nothing' } },
    ],
    showStock: () => [
      { expects: 200, path: { sku } },
      { expects: 404, path: { sku: 'nothing' } },
    ],
    readAsset: () => [
      { expects: 200, path: { file: ready.asset } },
      { expects: 404, path: { file: 'nothing.js' } },
    ],
    act: () => [
      { expects: 200, path: { action: 'acquirer' }, body: { latencyMs: 0 } },
      { expects: 404, path: { action: 'fly' }, body: {} },
      { expects: 409, path: { action: 'kill' }, body: { instance: 'order-1' } },
      { expects: 422, path: { action: 'kill' }, body: {} },
    ],
    whoAmI: () => [{ expects: 204 }],
    listDeadLetters: () => [
      { expects: 200, path: { service: 'inventory' } },
      { expects: 200, path: { service: 'inventory' }, query: '?limit=1&open=true&reason=unknown%20command' },
      { expects: 400, path: { service: 'inventory' }, query: '?limit=0' },
    ],
    showDeadLetter: () => [
      { expects: 200, path: { service: 'inventory', id: ready.letter } },
      { expects: 404, path: { service: 'inventory', id: '999999999' } },
    ],
    replayDeadLetters: () => [
      { expects: 200, path: { service: 'inventory' }, body: { ...signed, ids: [Number(ready.letter)] } },
      { expects: 422, path: { service: 'inventory' }, body: { ids: [1] } },
    ],
    editDeadLetter: () => {
      const body = { ...signed, type: 'StockReserved', data: { orderId: ready.done } };
      const path = { service: 'inventory', id: ready.letter };
      return [
        { expects: 422, path, body: { ...body, data: {} } },
        { expects: 200, path, body },
        { expects: 200, path, body },
        { expects: 404, path: { service: 'inventory', id: '999999999' }, body },
      ];
    },
    listActions: () => [{ expects: 200, path: { service: 'inventory' } }],
    listParkedSagas: () => [{ expects: 200 }],
    retrySaga: () => [
      { expects: 202, path: { id: ready.retried.id }, body: signed },
      { expects: 404, path: { id: 'x' }, body: signed },
      { expects: 409, path: { id: ready.done }, body: signed },
      { expects: 422, path: { id: ready.retried.id }, body: {} },
    ],
    resolveSaga: () => [
      {
        expects: 200,
        path: { id: ready.resolved.id },
        body: { ...signed, refundedCents: ready.resolved.totalCents },
      },
      { expects: 404, path: { id: 'x' }, body: { ...signed, refundedCents: 0 } },
      { expects: 409, path: { id: ready.done }, body: { ...signed, refundedCents: 0 } },
      { expects: 422, path: { id: ready.resolved.id }, body: signed },
    ],
  };

  /** What every operation that takes a body, or a token, answers alike. */
  const common = (takesBody: boolean, isDesk: boolean): (Ask & { expects: number })[] => [
    ...(takesBody
      ? [
          { expects: 400, body: '{' },
          { expects: 413, body: JSON.stringify({ padding: 'x'.repeat(300_000) }) },
          { expects: 415, body: 'order', headers: { 'content-type': 'text/plain' } },
        ]
      : []),
    ...(isDesk ? [{ expects: 401, headers: { authorization: 'Bearer wrong' } }] : []),
  ];

  /** What a healthy shop does not answer: it is not full, not slow, not broken, and has a token. */
  const unseen = ['403', '429', '502', '503', '504', 'default'];

  test.each(routes)('$method $path, then each answer is as the document says', async (route) => {
    const { operationId, requestBody, security, responses } = route;
    const own = asks[operationId]?.() ?? [{ expects: 200 }];
    const where = { path: { service: 'inventory', id: ready.letter } };
    const rest = common(requestBody !== undefined, security !== undefined).map((ask) => ({
      ...where,
      ...ask,
    }));
    const statuses = new Set<string>();
    for (const { expects, ...ask } of [...own, ...rest]) {
      const response = await askShop(route, ask);
      statuses.add(String(response.status));
      expect([ask, response.status, await complaintsAbout(route, response)]).toEqual([ask, expects, []]);
    }
    expect(Object.keys(responses).filter((status) => !unseen.includes(status))).toEqual(
      [...statuses].toSorted(),
    );
  });
});

test('When orders are carried out, then every message is as the document says', async () => {
  const { components, operations } = createAsyncApi();
  const cards = ['tok_ok', 'tok_declined', ...Array<string>(11).fill('tok_ok')];
  const orders = await Promise.all(
    cards.map((card, n) => customer.place(card, [{ sku: 'DB-1081', quantity: n < 2 ? 1 : 100_000 }])),
  );
  await Promise.all(orders.map(({ id }) => customer.ended(id)));
  const own = new Set([ready.resolved.id, ...orders.map(({ id }) => id)]);
  const seen = new Set<string>();
  const complaints: string[] = [];
  for (const { name } of topics) {
    await readTopic({ brokers: shop().kafka, clientId: 'test' }, name, ({ key, headers, value }) => {
      if (!own.has(key)) return;
      const type = headers['ce_type'] ?? '';
      const message = components.messages[type];
      seen.add(`${headers['ce_source']} sends ${type} on ${name}`);
      complaints.push(
        ...validatorOf(message?.headers ?? { type: 'null' }, {})(headers),
        ...validatorOf(
          components.schemas[type] ?? { type: 'null' },
          components.schemas,
        )(JSON.parse(String(value))),
        ...validatorOf(message?.bindings.kafka.key ?? { type: 'null' }, {})(key),
      );
    });
  }
  expect(complaints).toEqual([]);
  const documented = Object.values(operations).flatMap(({ action, channel, tags: [{ name }], messages }) =>
    action === 'send'
      ? messages.map(
          ({ $ref }) => `/doorbuster/${name} sends ${$ref.split('/').at(-1)} on ${addressIn(channel.$ref)}`,
        )
      : [],
  );
  expect([...seen].toSorted()).toEqual(documented.toSorted());
});

const addressIn = (channel: string): string =>
  createAsyncApi().channels[channel.replace('#/channels/', '')]?.address ?? '';
