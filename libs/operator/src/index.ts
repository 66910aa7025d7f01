export {
  newSigningKey,
  type PublicKeys,
  PublicKeysText,
  publicPartOf,
  readPublicKeys,
  readSigningKey,
  type SigningKey,
} from './keys.ts';
export { type Holder, identify, issueToken, NotAnOperator, tokenMinutesMax } from './token.ts';
