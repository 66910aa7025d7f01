import { describe, expect, test } from '@jest/globals';
import {
  identify,
  issueToken,
  newSigningKey,
  PublicKeysText,
  publicPartOf,
  readPublicKeys,
  readSigningKey,
  tokenMinutesMax,
} from '../src/index.ts';
import { badTokens } from './bad-tokens.ts';

const [first, second] = [newSigningKey('first'), newSigningKey('second')];
const bad = await badTokens(first);
const keys = readPublicKeys(publicPartOf(first));
const both = readPublicKeys(`${publicPartOf(second)},${publicPartOf(first)}`);
const shown = async (signingKey: string) =>
  `Bearer ${await issueToken(readSigningKey(signingKey), { name: 'ann', minutes: tokenMinutesMax })}`;

describe('When somebody shows a token', () => {
  test('then a right one tells who they are', async () => {
    expect(await identify(keys, await shown(first))).toEqual({ name: 'ann', key: 'first' });
    expect(await identify(keys, (await shown(first)).replace('Bearer', 'bearer'))).toMatchObject({
      name: 'ann',
    });
  });

  test.each(bad)('then %s is refused', async (what, authorization) => {
    const why =
      what === 'no token' ? 'no token' : /end (in the past|far off)/.test(what) ? 'expired' : 'wrong';
    await expect(identify(keys, authorization)).rejects.toMatchObject({ why });
  });

  test('then nothing at all is refused too', async () => {
    await expect(identify(keys, undefined)).rejects.toMatchObject({ why: 'no token' });
  });
});

test('When the key is replaced, then tokens of both are taken, until the old one is gone', async () => {
  expect(await identify(both, await shown(first))).toMatchObject({ key: 'first' });
  expect(await identify(both, await shown(second))).toMatchObject({ key: 'second' });
  const after = readPublicKeys(publicPartOf(second));
  expect(await identify(after, await shown(second))).toMatchObject({ key: 'second' });
  await expect(identify(after, await shown(first))).rejects.toMatchObject({ why: 'wrong' });
});

test.each([0, -1, tokenMinutesMax + 1, Number.NaN])(
  'When a token is wanted for %d minutes, then there is none',
  (minutes) => {
    expect(() => issueToken(readSigningKey(first), { name: 'ann', minutes })).toThrow(RangeError);
  },
);

describe('When keys are read', () => {
  test.each([
    '',
    'x',
    'a.b',
    publicPartOf(first).slice(0, -1),
    `${publicPartOf(first)},`,
    first,
    `A${publicPartOf(first)}`,
  ])('then %j is no public key', (text) => expect(PublicKeysText.safeParse(text).success).toBe(false));

  test('then a third one is refused', () => {
    const third = publicPartOf(newSigningKey('third'));
    const text = [publicPartOf(first), publicPartOf(second), third].join();
    expect(() => readPublicKeys(text)).toThrow('2 public keys');
  });

  test('then a signing key that is none is refused, and not repeated', () => {
    expect(() => readSigningKey(`${first}x`)).toThrow(/^A signing key is NAME.KEY.SECRET/);
    expect(() => newSigningKey('Not A Name')).toThrow('A signing key is');
  });
});
