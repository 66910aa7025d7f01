import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { asyncApiPage, createAsyncApi, createOpenApi, openApiPage } from '../src/documents.ts';
import { flows, MessageHeaders, messageTypes, participants, toHeaders } from '../src/index.ts';
import { CONTRACTS_VERSION } from '../src/version.ts';
import { validatorOf } from './json-schema.ts';

const openApi = createOpenApi();
const asyncApi = createAsyncApi();

describe('When the HTTP API is written down', () => {
  const isValid = async (document: object) =>
    (await new Validator().validate(JSON.parse(JSON.stringify(document)))).valid;

  test('then it is OpenAPI 3.1', async () => {
    expect(openApi.openapi).toMatch(/^3\.1\./);
    expect(await isValid(openApi)).toBe(true);
    expect(await isValid({ ...openApi, paths: { orders: {} } })).toBe(false);
  });

  const operations = Object.values(openApi.paths).flatMap((methods) => Object.values(methods));

  test('then every example is what its schema takes', () => {
    const bodies = operations.flatMap(({ requestBody }) => requestBody?.content['application/json'] ?? []);
    expect(bodies.length).toBeGreaterThan(3);
    for (const { schema, example } of bodies) {
      const validate = validatorOf(schema, openApi.components.schemas);
      expect([schema.$ref, validate(example)]).toEqual([schema.$ref, []]);
      expect(validate({ ...Object(example), by: 7, customer: 7 })).not.toEqual([]);
    }
  });

  test('then every schema that has a name is used, and every operation has a name of its own', () => {
    const text = JSON.stringify(openApi);
    const unused = Object.keys(openApi.components.schemas).filter(
      (name) => !text.includes(`schemas/${name}"`),
    );
    expect(unused).toEqual([]);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  test('then it asks for a token where an operator is meant, and nowhere else', () => {
    for (const [path, methods] of Object.entries(openApi.paths)) {
      for (const { security, responses } of Object.values(methods)) {
        const isDesk = path.startsWith('/admin/');
        expect([path, security !== undefined, '401' in responses]).toEqual([path, isDesk, isDesk]);
      }
    }
  });
});

describe('When the messages are written down', () => {
  const diagnose = async (document: object) =>
    (await new Parser().parse(JSON.stringify(document))).diagnostics;

  test('then it is AsyncAPI 3, without a complaint', async () => {
    expect(asyncApi.asyncapi).toMatch(/^3\./);
    expect(await diagnose(asyncApi)).toEqual([]);
    const wrong = {
      ...asyncApi,
      operations: { x: { action: 'shout', channel: { $ref: '#/channels/nowhere' } } },
    };
    expect(await diagnose(wrong)).not.toEqual([]);
  });

  test('then every message has one sender and somebody who uses it', () => {
    const services = Object.values(flows);
    for (const type of messageTypes) {
      expect([type, services.filter(({ sends }) => sends.includes(type)).length]).toEqual([type, 1]);
      expect([type, services.some(({ receives }) => receives.includes(type))]).toEqual([type, true]);
    }
  });

  test('then each is sent and received on its own topic by those services', () => {
    const said = Object.values(asyncApi.operations).flatMap(
      ({ action, channel, tags: [{ name }], messages }) =>
        messages.map(({ $ref }) => {
          expect($ref.startsWith(`${channel.$ref}/messages/`)).toBe(true);
          return `${name} ${action}s ${$ref.split('/').at(-1)}`;
        }),
    );
    const meant = participants.flatMap((service) => [
      ...flows[service].sends.map((type) => `${service} sends ${type}`),
      ...flows[service].receives.map((type) => `${service} receives ${type}`),
    ]);
    expect(said.toSorted()).toEqual(meant.toSorted());
  });

  test('then the headers are those that are sent', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const envelope = {
      id: 'a/order/1/0',
      type: 'OrderConfirmed',
      source: 'order',
      time: '2026-11-27T00:00:00.000Z',
    };
    const sent = toHeaders({ ...envelope, traceparent });
    expect(MessageHeaders.strict().parse(sent)).toEqual(sent);
    expect(Object.keys(sent).toSorted()).toEqual(Object.keys(MessageHeaders.shape).toSorted());
    const { OrderConfirmed, OrderCancelled } = asyncApi.components.messages;
    expect(validatorOf(OrderConfirmed?.headers ?? {}, {})(sent)).toEqual([]);
    expect(validatorOf(OrderCancelled?.headers ?? {}, {})(sent)).not.toEqual([]);
  });
});

describe('When a document is made a page', () => {
  const pages = { openapi: openApiPage(openApi), asyncapi: asyncApiPage(asyncApi) };

  test('then everything that it has is on it', () => {
    for (const path of Object.keys(openApi.paths)) expect(pages.openapi).toContain(`</span> ${path}</h3>`);
    for (const type of messageTypes) expect(pages.asyncapi).toContain(`<h3>${type}</h3>`);
  });

  test.each(Object.entries(pages))('then every link on %s leads somewhere', (_, page) => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const targets = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
    expect(ids.length).toBe(new Set(ids).size);
  });

  test('then what is written in a contract cannot become markup', () => {
    const info = { ...openApi.info, title: '<script>', description: '`<b>` & "more"' };
    const page = openApiPage({ ...openApi, info });
    expect(page).toContain('<p><code>&lt;b&gt;</code> &amp; &quot;more&quot;</p>');
    expect(page).not.toContain('<script>');
  });
});

test('When the contracts have a version, then the package has the same', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(manifest.version).toBe(CONTRACTS_VERSION);
});
