import { expect, test } from '@jest/globals';
import { generateBaskets, hottestSku, parseBaskets } from './baskets.ts';
import { drawOrders } from './orders.ts';
import { mulberry32 } from './random.ts';

const products = ['A', 'B', 'BANK CHARGES'].map((sku) => ({ sku, name: sku, priceCents: 100 }));

test('When a basket names a SKU more than once, then its quantity adds up', () => {
  expect(parseBaskets('A,B,A\r\nBANK CHARGES\n', products)).toEqual({
    baskets: [
      [
        { sku: 'A', quantity: 2 },
        { sku: 'B', quantity: 1 },
      ],
      [{ sku: 'BANK CHARGES', quantity: 1 }],
    ],
    rejected: [],
  });
});

test('When rows make no sense, then they are named by line and the rest is kept', () => {
  const { baskets, rejected } = parseBaskets('A\n\nA,X\nA,,B\nB', products);
  expect(baskets).toHaveLength(2);
  expect(rejected).toEqual([
    { line: 3, why: 'X is not in the catalogue' },
    { line: 4, why: 'an empty SKU' },
  ]);
});

test('When a basket has more lines than an order may have, then it is rejected', () => {
  const many = Array.from({ length: 1_201 }, (_, n) => ({ sku: `S${n}`, name: '', priceCents: 1 }));
  const { rejected } = parseBaskets(many.map(({ sku }) => sku).join(','), many);
  expect(rejected).toEqual([{ line: 1, why: '1201 lines, more than 1200' }]);
});

test('When baskets are made up, then the seed decides them and the first products are the most wanted', () => {
  const many = Array.from({ length: 200 }, (_, n) => ({ sku: `S${n}`, name: '', priceCents: 1 }));
  const baskets = generateBaskets(many, mulberry32(3));
  expect(generateBaskets(many, mulberry32(3))).toEqual(baskets);
  expect(hottestSku(baskets)).toBe('S0');
  expect(baskets.every((lines) => lines.length >= 1 && lines.length <= 8)).toBe(true);
});

test('When orders are drawn, then the seed decides them, and cards are declined as often as asked', () => {
  const draw = (seed: number) => {
    const orders = drawOrders({
      run: `demo-${seed}`,
      baskets: [[{ sku: 'A', quantity: 1 }]],
      declinesPercent: 10,
      random: mulberry32(seed),
    });
    return Array.from({ length: 5_000 }, () => orders.next());
  };
  const orders = draw(5);
  expect(draw(5)).toEqual(orders);
  expect(new Set(orders.map(({ key }) => key)).size).toBe(5_000);
  const declined = orders.filter(({ body }) => body.includes('tok_declined')).length;
  expect(declined).toBeGreaterThan(400);
  expect(declined).toBeLessThan(600);
  expect(orders.filter(({ twice }) => twice !== 'no').length).toBeGreaterThan(20);
});
