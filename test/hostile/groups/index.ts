import type { Group } from '../case.ts';
import { addresses, otherMethods } from './addresses.ts';
import { bodies, media } from './bodies.ts';
import { text } from './text.ts';
import { tokens } from './tokens.ts';
import { slow, unfinished, wire } from './wire.ts';

/** Everything that is tried, in the order in which it is. */
export const groups: readonly Group[] = [
  bodies,
  media,
  addresses,
  otherMethods,
  tokens,
  wire,
  unfinished,
  slow(250, true),
  text,
];
