import { expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { first, idAt, last } from './ranges.ts';

test('When orders are cut by their time of placing, then an id is on the side of its millisecond', () => {
  const msecs = 1_795_000_000_123;
  const id = uuidv7({ msecs });
  expect(idAt(msecs) <= id).toBe(true);
  expect(id < idAt(msecs + 1)).toBe(true);
  expect(first < id && id < last).toBe(true);
});
