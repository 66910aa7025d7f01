import { PlaceOrderBody, parseCatalogue } from '@doorbuster/contracts';
import { expect, test } from '@jest/globals';
import { mulberry32 } from '../random.ts';
import { catalogueCsv, drawOrders } from './mix.ts';

const draw = (seed: number, orders: number) => {
  const next = drawOrders(seed, mulberry32(seed));
  return Array.from({ length: orders }, () => next());
};
const linesOf = ({ body }: { body: string }) => PlaceOrderBody.parse(JSON.parse(body)).lines;

test('When orders are drawn, then the seed decides them, and every key is new', () => {
  expect(draw(1, 100)).toEqual(draw(1, 100));
  expect(draw(1, 100)).not.toEqual(draw(2, 100));
  expect(new Set(draw(1, 5_000).map(({ key }) => key)).size).toBe(5_000);
});

test('When orders are drawn, then they are one to three lines of what the catalogue has', () => {
  const { products, rejected } = parseCatalogue(catalogueCsv());
  expect([products.length, rejected]).toEqual([1_000, []]);
  const known = new Set(products.map(({ sku }) => sku));
  const lines = draw(3, 3_000).map(linesOf);
  expect(new Set(lines.map(({ length }) => length))).toEqual(new Set([1, 2, 3]));
  expect(lines.flat().every(({ sku }) => known.has(sku))).toBe(true);
});

test('When orders are drawn, then one product is in 30 % of them, and no other stands out', () => {
  const orders = 20_000;
  const wanted = new Map<string, number>();
  for (const { sku } of draw(4, orders).flatMap(linesOf)) wanted.set(sku, (wanted.get(sku) ?? 0) + 1);
  const [first = 0, second = 0] = [...wanted.values()].sort((a, b) => b - a);
  expect(first / orders).toBeCloseTo(0.3, 1);
  expect(second / orders).toBeLessThan(0.01);
});

test('When customers are named, then the orders are theirs', () => {
  const next = drawOrders(5, mulberry32(5));
  const customers = Array.from({ length: 200 }, () => next({ name: 'greedy', count: 2 }).customerId);
  expect(new Set(customers)).toEqual(new Set(['greedy-1', 'greedy-2']));
  expect(next().customerId).toMatch(/^customer-/);
});
