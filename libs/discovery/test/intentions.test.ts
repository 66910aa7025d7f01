import { expect, test } from '@jest/globals';
import { type Intention, letsIn } from '../src/mesh/intentions.ts';

const allow = (SourceName: string): Intention => ({ SourceName, Action: 'allow' });
const deny = (SourceName: string): Intention => ({ SourceName, Action: 'deny' });

test.each<[string, Intention[], boolean]>([
  ['nothing is said', [], false],
  ['it is allowed', [allow('gateway')], true],
  ['it is denied', [deny('gateway')], false],
  ['another one is allowed', [allow('payment')], false],
  ['everybody is allowed', [allow('*')], true],
  ['everybody is allowed but it', [deny('gateway'), allow('*')], false],
  ['nobody is allowed but it', [allow('gateway'), deny('*')], true],
  [
    'one of another cluster is allowed that is called the same',
    [{ ...allow('gateway'), SourcePeer: 'x' }],
    false,
  ],
  ['only some routes are allowed', [{ SourceName: 'gateway' }], false],
])('When %s, then the gateway is let in: %#', (_what, intentions, isIn) => {
  expect(letsIn(intentions, 'gateway')).toBe(isIn);
});
