import { SignJWT, UnsecuredJWT } from 'jose';
import { issueToken, newSigningKey, readSigningKey } from '../src/index.ts';

const nowS = (): number => Math.floor(Date.now() / 1_000);

/** A token that differs from a right one in one thing. */
async function token(
  signingKey: string,
  { kid, alg = 'Ed25519', ...claims }: { kid?: string; alg?: string } & Record<string, unknown>,
): Promise<string> {
  const { id, key } = readSigningKey(signingKey);
  const right = { iss: 'doorbuster', aud: 'doorbuster-operator', sub: 'ann', iat: nowS(), exp: nowS() + 60 };
  const secret = alg === 'HS256' ? Buffer.from(signingKey.split('.')[1] ?? '', 'base64url') : key;
  return new SignJWT({ ...right, ...claims }).setProtectedHeader({ alg, kid: kid ?? id }).sign(secret);
}

/** Everything that is no right token of this key, as the header `Authorization` has it. */
export async function badTokens(signingKey: string): Promise<[what: string, authorization: string][]> {
  const { id } = readSigningKey(signingKey);
  const other = newSigningKey(id);
  const bearer = (text: string) => `Bearer ${text}`;
  const right = await issueToken(readSigningKey(signingKey), { name: 'ann', minutes: 1 });
  const [head, body, signature = ''] = right.split('.');
  const mallory = Buffer.from(JSON.stringify({ sub: 'mallory', exp: nowS() + 60 })).toString('base64url');
  const unsigned = new UnsecuredJWT({ sub: 'ann' })
    .setIssuer('doorbuster')
    .setAudience('doorbuster-operator')
    .setIssuedAt()
    .setExpirationTime('1 minute')
    .encode();
  return [
    ['no token', ''],
    ['a word', bearer('wrong')],
    ['another scheme', 'Basic b3A6b3A='],
    ['no blank after the scheme', `Bearer${right}`],
    ['two tokens', bearer(`${right} ${right}`)],
    ['half a token', bearer(`${head}.${body}`)],
    ['a token without its signature', bearer(`${head}.${body}.`)],
    ['another signature', bearer(`${head}.${body}.${signature.split('').toReversed().join('')}`)],
    ['another text under the signature', bearer(`${head}.${mallory}.${signature}`)],
    ['no algorithm', bearer(unsigned)],
    ['the public key as a shared secret', bearer(await token(signingKey, { alg: 'HS256' }))],
    ['another key under the same name', bearer(await token(other, {}))],
    ['a key that nobody knows', bearer(await token(newSigningKey('stranger'), {}))],
    ['a right key under another name', bearer(await token(signingKey, { kid: '../keys' }))],
    ['another audience', bearer(await token(signingKey, { aud: 'somebody-else' }))],
    ['another issuer', bearer(await token(signingKey, { iss: 'somebody-else' }))],
    ['nobody', bearer(await token(signingKey, { sub: undefined }))],
    ['no end', bearer(await token(signingKey, { exp: undefined }))],
    ['an end in the past', bearer(await token(signingKey, { iat: nowS() - 120, exp: nowS() - 60 }))],
    ['an end far off', bearer(await token(signingKey, { iat: nowS() - 50_000, exp: nowS() + 50_000 }))],
    ['a beginning in the future', bearer(await token(signingKey, { nbf: nowS() + 60 }))],
  ];
}
