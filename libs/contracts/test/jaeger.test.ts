import { expect, test } from '@jest/globals';
import { readJaegerTrace } from '../src/index.ts';

const span = (over: object) => ({
  spanID: 'a',
  operationName: 'POST /orders',
  references: [],
  startTime: 1_000_000,
  duration: 2_500,
  processID: 'p1',
  tags: [],
  ...over,
});
const processes = { p1: { serviceName: 'gateway' } };

test('When Jaeger answers with a trace, then its spans come in order, each with its parent, in milliseconds', () => {
  const spans = [
    span({
      spanID: 'b',
      startTime: 1_004_000,
      references: [
        { refType: 'CHILD_OF', traceID: 'other', spanID: 'x' },
        { refType: 'CHILD_OF', traceID: 't', spanID: 'a' },
      ],
      tags: [{ key: 'error', value: true }],
      processID: 'nobody',
    }),
    span({}),
  ];
  expect(readJaegerTrace({ data: [{ spans, processes }] }, 't')).toEqual([
    {
      id: 'a',
      parentId: null,
      service: 'gateway',
      name: 'POST /orders',
      startMs: 0,
      durationMs: 2.5,
      isError: false,
    },
    {
      id: 'b',
      parentId: 'a',
      service: 'unknown',
      name: 'POST /orders',
      startMs: 4,
      durationMs: 2.5,
      isError: true,
    },
  ]);
});

test('When spans begin in the same microsecond, then the one that holds the others comes first', () => {
  const spans = [span({ spanID: 'b', duration: 5 }), span({ spanID: 'a', duration: 9 })];
  expect(readJaegerTrace({ data: [{ spans, processes }] }, 't').map(({ id }) => id)).toEqual(['a', 'b']);
});

test('When a trace has more spans than are read, then the first 500 are there', () => {
  const spans = Array.from({ length: 700 }, (_, n) => span({ spanID: `${n}`, startTime: 700 - n }));
  const drawn = readJaegerTrace({ data: [{ spans, processes }] }, 't');
  expect([drawn.length, drawn[0]?.id, drawn.at(-1)?.id]).toEqual([500, '699', '200']);
});

test.each([undefined, {}, { data: [] }, { data: [{ spans: 1 }] }])(
  'When Jaeger answers %o, then there is no trace',
  (body) => {
    expect(readJaegerTrace(body, 't')).toEqual([]);
  },
);
