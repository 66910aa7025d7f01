import { errors, jwtVerify, SignJWT } from 'jose';
import type { PublicKeys, SigningKey } from './keys.ts';

/** The longest that a token is good for, in minutes; older ones are refused whatever they say of themselves. */
export const tokenMinutesMax = 720;

const algorithm = 'Ed25519';
const issuer = 'doorbuster';
const audience = 'doorbuster-operator';
/** How far two clocks may be apart. */
const toleranceS = 5;

/** Who showed a token, and by which key it was signed. */
export interface Holder {
  name: string;
  key: string;
}

/** Why somebody is not taken for an operator. */
export class NotAnOperator extends Error {
  readonly why: 'no token' | 'expired' | 'wrong';

  constructor(why: NotAnOperator['why'], options?: ErrorOptions) {
    super(`The operator’s token: ${why}`, options);
    this.why = why;
  }
}

export interface TokenOptions {
  /** Who will hold it; every log line about what they do says so. */
  name: string;
  minutes: number;
}

/** Makes a token (JWT, RFC 7519), good from now on. @throws RangeError where it would be good for too long, or never */
export function issueToken({ id, key }: SigningKey, { name, minutes }: TokenOptions): Promise<string> {
  if (!(minutes > 0 && minutes <= tokenMinutesMax))
    throw new RangeError(`A token is good for up to ${tokenMinutesMax} minutes`);
  return new SignJWT()
    .setProtectedHeader({ alg: algorithm, kid: id, typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(name)
    .setIssuedAt()
    .setExpirationTime(`${Math.round(minutes * 60)} s`)
    .sign(key);
}

/**
 * Tells who shows a token in the header `Authorization`. The algorithm is ours and not the token's own choice, and its
 * key is one of these or none.
 * @throws NotAnOperator
 */
export async function identify(keys: PublicKeys, authorization: string | undefined): Promise<Holder> {
  if (authorization === undefined || authorization === '') throw new NotAnOperator('no token');
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw new NotAnOperator('wrong');
  try {
    const { payload, protectedHeader } = await jwtVerify(token, ({ kid = '' }) => keyOf(keys, kid), {
      algorithms: [algorithm],
      issuer,
      audience,
      requiredClaims: ['sub', 'exp', 'iat'],
      maxTokenAge: tokenMinutesMax * 60,
      clockTolerance: toleranceS,
    });
    return { name: String(payload.sub), key: String(protectedHeader.kid) };
  } catch (cause) {
    throw new NotAnOperator(cause instanceof errors.JWTExpired ? 'expired' : 'wrong', { cause });
  }
}

function keyOf(keys: PublicKeys, id: string) {
  const key = keys.get(id);
  if (key === undefined) throw new NotAnOperator('wrong');
  return key;
}
