import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { breakingChanges, currentRelease, type Release, toMessage } from '../src/documents.ts';
import { PaymentCapturedExpanded, PaymentCapturedV1, PaymentCapturedV2 } from './evolution.ts';

const none = { version: '1', headers: {}, problem: {}, http: {} };
const topic = 'doorbuster.test.events.v1';
const releaseOf = (fields: z.ZodType): Release => ({
  ...none,
  messages: { Moved: toMessage(topic, fields) },
});

/** What breaks when the data of the message `Moved` is changed from one to the other. */
const changes = (before: z.ZodType, after: z.ZodType): string[] =>
  breakingChanges(releaseOf(before), releaseOf(after));

const base = z.object({ id: z.string() });
const field = (schema: z.ZodType) => base.extend({ x: schema });
const list = (line: z.ZodType) => base.extend({ lines: z.array(line) });
const reads = 'a consumer of v1';
const sends = 'a producer of v1';

describe('When a message is changed, then nobody is broken by', () => {
  const harmless: [string, z.ZodType, z.ZodType][] = [
    ['nothing', field(z.string()), field(z.string())],
    ['other words', field(z.string()), field(z.string().describe('a place'))],
    ['a new optional field', base, field(z.string().optional())],
    ['a new field with a default', base, field(z.string().default('here'))],
    [
      'another order of the fields',
      z.object({ a: z.int(), b: z.int() }),
      z.object({ b: z.int(), a: z.int() }),
    ],
    ['an enum written as alternatives', field(z.enum(['a', 'b'])), field(z.literal(['b', 'a']))],
    [
      'a required field that everybody still writes and nobody needs any more',
      field(z.string()),
      field(z.string().optional().meta({ deprecated: true })),
    ],
    [
      'the end of a field that nobody needed any more',
      field(z.string().optional().meta({ deprecated: true })),
      base,
    ],
  ];
  test.each(harmless)('%s', (_, before, after) => {
    expect(changes(before, after)).toEqual([]);
  });
});

describe('When a message is changed, then it is said who is broken by', () => {
  const breaking: [string, z.ZodType, z.ZodType, string[]][] = [
    ['a field that is gone', field(z.string()), base, [`Moved.x is gone: ${reads} reads it.`]],
    [
      'an optional field that is gone',
      field(z.string().optional()),
      base,
      [`Moved.x is gone: ${reads} reads it.`],
    ],
    [
      'another name',
      field(z.string()),
      base.extend({ y: z.string() }),
      [`Moved.x is gone: ${reads} reads it.`, `Moved.y is required now: ${sends} need not send it.`],
    ],
    [
      'a new required field',
      base,
      field(z.string()),
      [`Moved.x is required now: ${sends} need not send it.`],
    ],
    [
      'a field that becomes required',
      field(z.string().optional()),
      field(z.string()),
      [`Moved.x is required now: ${sends} need not send it.`],
    ],
    [
      'a field that becomes optional',
      field(z.string()),
      field(z.string().optional()),
      [`Moved.x may be left out now: ${reads} requires it.`],
    ],
    [
      'another type',
      field(z.string()),
      field(z.int()),
      [
        `Moved.x may be integer now: ${reads} takes string.`,
        `Moved.x takes integer now: ${sends} may send string.`,
      ],
    ],
    [
      'a narrower number',
      field(z.number()),
      field(z.int()),
      [`Moved.x takes integer now: ${sends} may send number.`],
    ],
    [
      'a wider number',
      field(z.int()),
      field(z.number()),
      [`Moved.x may be number now: ${reads} takes integer.`],
    ],
    [
      'a new value of an enum',
      field(z.enum(['a', 'b'])),
      field(z.enum(['a', 'b', 'c'])),
      [`Moved.x may be "c" now: ${reads} does not know that.`],
    ],
    [
      'a value that is gone from an enum',
      field(z.enum(['a', 'b'])),
      field(z.enum(['a'])),
      [`Moved.x does not take "b" any more: ${sends} may send it.`],
    ],
    [
      'text that becomes an enum',
      field(z.string()),
      field(z.literal('a')),
      [`Moved.x takes "a" now: ${sends} may send string.`],
    ],
    [
      'an enum that becomes text',
      field(z.literal('a')),
      field(z.string()),
      [`Moved.x may be string now: ${reads} takes "a".`],
    ],
    [
      'null where there was none',
      field(z.string()),
      field(z.string().nullable()),
      [`Moved.x may be null now: ${reads} takes string.`],
    ],
    [
      'no null where there was one',
      field(z.string().nullable()),
      field(z.string()),
      [`Moved.x takes string now: ${sends} may send null.`],
    ],
    [
      'a shorter text',
      field(z.string().max(64)),
      field(z.string().max(32)),
      [`Moved.x has maxLength 32 now: ${sends} keeps to 64.`],
    ],
    [
      'a longer text',
      field(z.string().max(64)),
      field(z.string().max(128)),
      [`Moved.x has maxLength 128 now: ${reads} takes 64.`],
    ],
    [
      'a limit where there was none',
      field(z.int()),
      field(z.int().min(1)),
      [`Moved.x has minimum 1 now: ${sends} keeps to none.`],
    ],
    [
      'no limit any more',
      field(z.int().max(9)),
      field(z.int()),
      [`Moved.x has maximum none now: ${reads} takes 9.`],
    ],
    [
      'fewer lines',
      list(base).extend({ lines: z.array(base).max(9) }),
      list(base).extend({ lines: z.array(base).max(5) }),
      [`Moved.lines has maxItems 5 now: ${sends} keeps to 9.`],
    ],
    [
      'another form of text',
      field(z.uuidv4()),
      field(z.uuidv7()),
      [
        expect.stringMatching(
          /^Moved\.x has pattern ".*7.*" now: a consumer of v1 takes ".*4.*"\.$/,
        ) as never,
        expect.stringMatching(
          /^Moved\.x has pattern ".*7.*" now: a producer of v1 keeps to ".*4.*"\.$/,
        ) as never,
      ],
    ],
    [
      'another name inside a list',
      list(z.object({ sku: z.string() })),
      list(z.object({ code: z.string() })),
      [
        `Moved.lines[].sku is gone: ${reads} reads it.`,
        `Moved.lines[].code is required now: ${sends} need not send it.`,
      ],
    ],
    [
      'a list that becomes one',
      list(z.string()),
      base.extend({ lines: z.string() }),
      [
        `Moved.lines may be string now: ${reads} takes array.`,
        `Moved.lines takes string now: ${sends} may send array.`,
      ],
    ],
    [
      'another type inside a record',
      field(z.record(z.string(), z.string())),
      field(z.record(z.string(), z.int())),
      [
        `Moved.x.* may be integer now: ${reads} takes string.`,
        `Moved.x.* takes integer now: ${sends} may send string.`,
      ],
    ],
    [
      'one more alternative',
      field(z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') })])),
      field(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('a') }),
          z.object({ kind: z.literal('b') }),
        ]),
      ),
      [`Moved.x.kind may be "b" now: ${reads} does not know that.`],
    ],
    [
      'a limit of a kind that the checker does not know',
      field(z.int()),
      field(z.int().multipleOf(5)),
      [`Moved.x has multipleOf 5 now: ${sends} keeps to none.`],
    ],
  ];
  test.each(breaking)('%s', (_, before, after, sentences) => {
    expect(changes(before, after)).toEqual(sentences);
  });

  test('another topic, and the end of a message', () => {
    const before = releaseOf(base);
    const moved: Release = { ...none, messages: { Moved: toMessage('doorbuster.test.events.v2', base) } };
    expect(breakingChanges(before, moved)).toEqual([
      `Moved is on doorbuster.test.events.v2 now: a consumer of v1 listens to ${topic}.`,
    ]);
    expect(breakingChanges(before, { ...none, messages: {} })).toEqual([
      'Moved is gone: somebody of v1 may send it, or wait for it.',
    ]);
  });
});

describe('When a field is replaced in two releases', () => {
  test('then neither step breaks anybody who runs the release before it', () => {
    expect(changes(PaymentCapturedV1, PaymentCapturedExpanded)).toEqual([]);
    expect(changes(PaymentCapturedExpanded, PaymentCapturedV2)).toEqual([]);
  });

  test('then both at once would, and so would the way back', () => {
    const gone = `Moved.amount is gone: ${reads} reads it.`;
    expect(changes(PaymentCapturedV1, PaymentCapturedV2)).toEqual([gone]);
    expect(changes(PaymentCapturedV2, PaymentCapturedV1)).toContain(
      `Moved.amount is required now: ${sends} need not send it.`,
    );
  });
});

describe('When what goes over HTTP is changed, then it is said which client is broken by', () => {
  interface Part {
    properties: Record<string, Part>;
    required: string[];
    [keyword: string]: unknown;
  }
  type Open = { http: Record<string, { request: Part; answers: Record<string, Part> }>; headers: Part };
  const partOf = (part: Part | undefined, ...path: string[]): Part =>
    path.reduce((inner, name) => inner.properties[name] as Part, part as Part);

  const order = 'POST /orders';
  const client = `a client of v${currentRelease().version}`;
  const breaking: [string, (release: Open) => void, string][] = [
    [
      'a request that is gone',
      ({ http }) => delete http['GET /stock/{sku}'],
      `GET /stock/{sku} is gone: ${client} asks for it.`,
    ],
    [
      'an answer that is gone',
      ({ http }) => delete http['GET /products']?.answers['304'],
      `GET /products does not answer 304 any more: ${client} waits for it.`,
    ],
    [
      'a field of the answer that is gone',
      ({ http }) => delete partOf(http[order]?.answers['202'], 'body').properties['totalCents'],
      `${order} 202 body.totalCents is gone: ${client} reads it.`,
    ],
    [
      'a header of the answer that is gone',
      ({ http }) => delete partOf(http[order]?.answers['202'], 'header').properties['Location'],
      `${order} 202 header.Location is gone: ${client} reads it.`,
    ],
    [
      'another media type',
      ({ http }) => {
        partOf(http[order]?.answers['202'], 'type')['const'] = 'text/plain';
      },
      `${order} 202 type may be "text/plain" now: ${client} does not know that.`,
    ],
    [
      'a header that becomes required',
      ({ http }) => partOf(http['GET /products']?.request, 'header').required.push('If-None-Match'),
      `GET /products header.If-None-Match is required now: ${client} need not send it.`,
    ],
    [
      'a parameter that is gone',
      ({ http }) => delete partOf(http['GET /products']?.request, 'query').properties['limit'],
      `GET /products query.limit is gone: what ${client} says in it is ignored.`,
    ],
    [
      'a narrower parameter',
      ({ http }) => {
        partOf(http['GET /products']?.request, 'query', 'limit')['maximum'] = 100;
      },
      `GET /products query.limit has maximum 100 now: ${client} keeps to 500.`,
    ],
    [
      'fewer lines in an order',
      ({ http }) => {
        partOf(http[order]?.request, 'body', 'lines')['maxItems'] = 100;
      },
      `${order} body.lines has maxItems 100 now: ${client} keeps to 1200.`,
    ],
    [
      'another header of messages',
      ({ headers }) => delete headers.properties['ce_id'],
      `The headers of messages ce_id is gone: a consumer of v${currentRelease().version} reads it.`,
    ],
  ];

  test.each(breaking)('%s', (_, change, sentence) => {
    const changed = structuredClone(currentRelease());
    change(changed as unknown as Open);
    expect(breakingChanges(currentRelease(), changed)).toEqual([sentence]);
  });

  test('and not by what is added', () => {
    const changed = structuredClone(currentRelease()) as unknown as Open;
    const { http } = changed;
    const answer = partOf(http[order]?.answers['202'], 'body');
    answer.properties['giftWrap'] = { type: 'boolean' } as never;
    answer.required.push('giftWrap');
    partOf(http['GET /products']?.request, 'query').properties['sort'] = { type: 'string' } as never;
    http['GET /gifts'] = { request: {} as never, answers: {} };
    expect(breakingChanges(currentRelease(), changed as unknown as Release)).toEqual([]);
  });
});
