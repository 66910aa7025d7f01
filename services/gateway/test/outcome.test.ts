import { Untrusted } from '@doorbuster/discovery';
import { expect, test } from '@jest/globals';
import { outcomeOf, toProblem } from '../src/outcome.ts';

test.each<[string, Error, string, number]>([
  ['whoever is there is somebody else', new Untrusted('10.0.0.7 is not order'), 'refused', 503],
  [
    'the instance does not take the certificate',
    Object.assign(new Error('alert'), { code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA' }),
    'broken',
    502,
  ],
])('When %s, then that is no bug of the door', (_what, error, outcome, status) => {
  expect(outcomeOf(error)).toBe(outcome);
  expect(toProblem(error, 'order')).toMatchObject({ status });
});
