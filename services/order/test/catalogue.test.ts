import { expect, test } from '@jest/globals';
import { catalogueOf } from '../src/catalogue.ts';

const catalogue = catalogueOf(
  ['Red lamp', 'Blue Lamp', 'Red chair', 'Lamp, red, large'].map((name, n) => ({
    sku: `DB-${n}`,
    name,
    priceCents: 1,
  })),
);
const found = (q: string, after = '', limit = 50) => {
  const { items, next } = catalogue.page({ q, after, limit });
  return [items.map(({ sku }) => sku).join(' '), next];
};

test.each([
  ['', 'DB-0 DB-1 DB-2 DB-3'],
  ['lamp', 'DB-0 DB-1 DB-3'],
  ['LAMP red', 'DB-0 DB-3'],
  ['  red   chair ', 'DB-2'],
  ['db-2', 'DB-2'],
  ['table', ''],
  ['.*', ''],
])('When somebody looks for "%s", then all that have every word are found', (q, skus) => {
  expect(found(q)).toEqual([skus, null]);
});

test('When more is found than is asked for, then it goes on page by page', () => {
  expect(found('lamp', '', 2)).toEqual(['DB-0 DB-1', 'DB-1']);
  expect(found('lamp', 'DB-1', 2)).toEqual(['DB-3', null]);
  expect(found('lamp', 'DB-3', 2)).toEqual(['', null]);
});
