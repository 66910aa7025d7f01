import { describe, expect, test } from '@jest/globals';
import {
  fromHeaders,
  messageTypes,
  parseCatalogue,
  parseMessage,
  toHeaders,
  topicOf,
  topics,
} from '../src/index.ts';

const orderId = '01900000-0000-7000-8000-000000000000';

describe('When a message crosses a border', () => {
  test('then its envelope comes through the headers unchanged', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const envelope = {
      id: 'a/b/1/0',
      type: 'StockReserved',
      source: 'inventory',
      time: '2026-11-27',
      traceparent,
    };
    expect(fromHeaders(toHeaders(envelope))).toEqual(envelope);
    expect(fromHeaders({ ce_type: 'StockReserved' })).toBeUndefined();
  });

  test('then fields that nobody here knows are dropped', () => {
    const data = { orderId, giftWrap: true };
    expect(parseMessage('StockReserved', data)).toEqual({ type: 'StockReserved', data: { orderId } });
  });

  test.each([
    ['an order id that is no UUIDv7', { orderId: '123e4567-e89b-12d3-a456-426614174000', lines: [] }],
    ['U+0000', { orderId, lines: [{ sku: 'a\0', quantity: 1 }] }],
    ['a lone surrogate', { orderId, lines: [{ sku: '\ud800', quantity: 1 }] }],
    ['a quantity of 0', { orderId, lines: [{ sku: 'a', quantity: 0 }] }],
    ['too many lines', { orderId, lines: Array.from({ length: 1_201 }, () => ({ sku: 'a', quantity: 1 })) }],
  ])('with %s, then it is refused', (_, data) => {
    expect(() => parseMessage('ReserveStock', data)).toThrow();
  });
});

test('When a type is sent, then exactly one topic carries it', () => {
  for (const type of messageTypes) {
    expect(topics.filter(({ schemas }) => type in schemas)).toEqual([topicOf(type)]);
  }
});

test('When a catalogue has bad rows, then they are named and the rest is sold', () => {
  const csv = 'sku,name,price_cents\nA,"Tea, loose",100\nB,Mug,free\nA,Tea again,90\n,Nothing,1\nC,Cup,250\n';
  const { products, rejected } = parseCatalogue(csv);
  expect(products).toEqual([
    { sku: 'A', name: 'Tea, loose', priceCents: 100 },
    { sku: 'C', name: 'Cup', priceCents: 250 },
  ]);
  expect(rejected.map(({ line }) => line)).toEqual([3, 4, 5]);
});
