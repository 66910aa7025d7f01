import { PlaceOrderBody } from '@doorbuster/contracts';
import { describe, expect, test } from '@jest/globals';
import { hostileBodies, refusalOf } from './payloads.ts';

const good = {
  customer: { id: 'ann', email: 'ann@example.com' },
  card: 'tok_ok',
  lines: [{ sku: 'a', quantity: 1 }],
};

describe('When hostile bodies are made', () => {
  test('then the same seed makes the same ones, and another seed others', () => {
    expect(hostileBodies(good, 50, 1)).toEqual(hostileBodies(good, 50, 1));
    expect(hostileBodies(good, 50, 1)).not.toEqual(hostileBodies(good, 50, 2));
  });

  test('then there are some for each refusal', () => {
    const refusals = hostileBodies(good, 300, 1).map((body) => refusalOf(body, PlaceOrderBody));
    expect(new Set(refusals)).toEqual(new Set([400, 413, 422, undefined]));
  });
});

test.each([
  ['JSON that is torn', '{"customer":', 400],
  ['a number', '7', 400],
  ['nothing', '', 422],
  ['an empty object', '{}', 422],
  ['an array', '[]', 422],
  ['U+0000', JSON.stringify({ ...good, card: 'a\0' }), 422],
  ['a body that is too large', `{"x":"${'x'.repeat(262_144)}"}`, 413],
  ['an order', JSON.stringify(good), undefined],
])('When it is %s, then the contract tells its refusal', (_name, body, refusal) => {
  expect(refusalOf(body, PlaceOrderBody)).toBe(refusal);
});
