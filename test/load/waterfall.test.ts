import { expect, test } from '@jest/globals';
import { drawWaterfall } from './waterfall.ts';

const span = (
  id: string,
  parentId: string | null,
  service: string,
  name: string,
  startMs: number,
  durationMs: number,
) => ({
  id,
  parentId,
  service,
  name,
  startMs,
  durationMs,
  isError: false,
});

test('When a trace is drawn, then children stand under their parents and inner spans are only counted', () => {
  const drawing = drawWaterfall([
    span('c', 'b', 'order', 'pg.query:INSERT', 12, 1),
    span('b', 'a', 'order', 'process PlaceOrder', 10, 20),
    span('a', 'outside', 'gateway', 'POST /orders', 0, 60),
    span('d', 'c', 'inventory', 'process ReserveStock', 30, 30),
  ]);
  const lines = drawing.split('\n');
  expect(lines[0]).toMatch(/^ {2}gateway {4}POST \/orders +60\.0 ms {2}█{30}$/);
  expect(lines[1]).toMatch(/^ {2}order {6} process PlaceOrder +20\.0 ms {2}·{5}█{10}·{15}$/);
  expect(lines[2]).toMatch(/^ {2}inventory {4}process ReserveStock +30\.0 ms {2}·{15}█{15}$/);
  expect(lines[3]).toBe('  (1 inner span of frameworks and databases not drawn)');
});
