import { describe, expect, test } from '@jest/globals';
import { keyOf } from '../src/shop/attempt.ts';
import { itemsIn, QUANTITY_MAX, totalOf, withQuantity } from '../src/shop/basket.ts';
import { tileOf } from '../src/shop/tile.ts';

const mug = { sku: 'DB-1000', name: 'Copper Tea Mug', priceCents: 650 };
const lamp = { sku: 'DB-1044', name: 'Amber Table Lamp', priceCents: 3_195 };

describe('When something is put in the basket', () => {
  test('then each product has one line, in the order in which they came', () => {
    const lines = withQuantity(withQuantity(withQuantity([], mug, 1), lamp, 1), mug, 2);
    expect(lines).toEqual([
      { ...mug, quantity: 2 },
      { ...lamp, quantity: 1 },
    ]);
    expect([itemsIn(lines), totalOf(lines)]).toEqual([3, 4_495]);
  });

  test('then none of it, or less, takes its line out', () => {
    expect(withQuantity(withQuantity([], mug, 1), mug, 0)).toEqual([]);
    expect(withQuantity(withQuantity([], mug, 1), mug, -1)).toEqual([]);
  });

  test('then what makes no number makes no line, and too many are as many as there may be', () => {
    expect(withQuantity([], mug, Number.NaN)).toEqual([]);
    expect(withQuantity([], mug, 1_000)[0]?.quantity).toBe(QUANTITY_MAX);
  });
});

describe('When an order is tried', () => {
  test('again, then it has the key of the first try', () => {
    expect(keyOf('basket', { key: 'first', body: 'basket' }, () => 'new')).toBe('first');
  });

  test('with another basket, then it has a key of its own', () => {
    expect(keyOf('more', { key: 'first', body: 'basket' }, () => 'new')).toBe('new');
    expect(keyOf('basket', undefined, () => 'new')).toBe('new');
  });
});

test('When a product has no drawing, then its pattern is its own and always the same', () => {
  const [one, other] = [tileOf({ sku: '10002', name: 'GLOBE' }), tileOf({ sku: '10080', name: 'CACTUS' })];
  expect(tileOf({ sku: '10002', name: 'GLOBE' })).toEqual(one);
  expect(other.pattern).not.toBe(one.pattern);
});
