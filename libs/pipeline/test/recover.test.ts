import { expect, test } from '@jest/globals';
import { verdictOf } from '../src/recover.ts';

const sqlError = (code: string) => Object.assign(new Error('from PostgreSQL'), { code });

test.each([
  ['40001', 'rerun'],
  ['40P01', 'rerun'],
  ['23505', 'rerun'],
  ['22P05', 'bisect'],
  ['23514', 'bisect'],
  ['08006', 'reconnect'],
  ['53100', 'reconnect'],
  ['57P01', 'reconnect'],
  ['ECONNRESET', 'reconnect'],
  ['42703', 'bug'],
])('When PostgreSQL says %s, then the verdict is %s', (code, verdict) => {
  expect(verdictOf(sqlError(code))).toBe(verdict);
});

test('When the driver says that the connection ended, then it is tried again', () => {
  expect(verdictOf(new Error('Connection terminated unexpectedly'))).toBe('reconnect');
  expect(verdictOf(new TypeError('x is not a function'))).toBe('bug');
});
