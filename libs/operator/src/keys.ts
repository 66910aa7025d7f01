import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** Two, so that one can be replaced while tokens of the other are still held. */
const publicKeysMax = 2;
const name = '[a-z0-9-]{1,32}';
/** 32 bytes in base64url, as in JSON Web Keys (RFC 8037). */
const bytes = '[\\w-]{43}';
const publicPattern = new RegExp(`^(?<id>${name})\\.(?<x>${bytes})$`);
const signingPattern = new RegExp(`^(?<id>${name})\\.(?<x>${bytes})\\.(?<d>${bytes})$`);

/** Keys with which anybody can tell whether a token is right, and nobody can make one; by their names. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;

/** Makes tokens: whoever has it is every operator. */
export interface SigningKey {
  id: string;
  key: KeyObject;
}

const ed25519 = { kty: 'OKP', crv: 'Ed25519' };

/** Reads `NAME.KEY`, or two of them with a comma in between. @throws TypeError that says how it is to look */
export function readPublicKeys(text: string): PublicKeys {
  const keys = new Map(
    text.split(',').map((one): [string, KeyObject] => {
      const { id = '', x = '' } = publicPattern.exec(one)?.groups ?? {};
      if (id === '')
        throw new TypeError('A public key is NAME.KEY, as `npm run token -- --new-key NAME` prints it');
      return [id, createPublicKey({ format: 'jwk', key: { ...ed25519, x } })];
    }),
  );
  if (keys.size > publicKeysMax) throw new TypeError(`There may be ${publicKeysMax} public keys, no more`);
  return keys;
}

/** Public keys as a setting of the environment. */
export const PublicKeysText = z.string().transform((text, context): PublicKeys => {
  try {
    return readPublicKeys(text);
  } catch (error) {
    context.addIssue(error instanceof TypeError ? error.message : String(error));
    return z.NEVER;
  }
});

/** Reads `NAME.KEY.SECRET`. @throws TypeError that says how it is to look, and nothing of the key */
export function readSigningKey(text: string): SigningKey {
  const { id = '', x = '', d = '' } = signingPattern.exec(text)?.groups ?? {};
  if (id === '')
    throw new TypeError('A signing key is NAME.KEY.SECRET, as `npm run token -- --new-key NAME` prints it');
  return { id, key: createPrivateKey({ format: 'jwk', key: { ...ed25519, x, d } }) };
}

/** A new signing key, as text. */
export function newSigningKey(id: string): string {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const text = `${id}.${x}.${d}`;
  readSigningKey(text);
  return text;
}

/** The public part of a signing key, as text. */
export const publicPartOf = (signingKey: string): string => signingKey.split('.').slice(0, 2).join('.');
