import { expect, test } from '@jest/globals';
import { fromMeta, toMeta } from '../src/index.ts';

const schema = { type: 'integer', minimum: 1 };

test('When live settings stand in a registration, then they are read from it as they were', () => {
  const settings = [
    { name: 'ORDERS_MAX', environment: 5_000, schema },
    { name: 'COLOUR', environment: undefined, schema: { enum: ['red', 'blue'] } },
  ];
  expect(fromMeta({ version: '1', ...toMeta(settings) })).toEqual(settings);
});

test('When one of them is longer than Consul takes, then only its name is told', () => {
  const text = 'x'.repeat(500);
  const meta = toMeta([{ name: 'LONG', environment: text, schema }]);
  expect(fromMeta(meta)).toEqual([{ name: 'LONG', environment: undefined, schema: {} }]);
});
