import type { Invariant } from '../invariant.ts';
import { answered } from './i1-answered.ts';
import { oneCapture } from './i2-one-capture.ts';
import { stock } from './i3-stock.ts';
import { terminal } from './i4-terminal.ts';
import { moneyAddsUp } from './i5-money.ts';
import { told } from './i6-told.ts';
import { drained } from './i7-drained.ts';
import { versions } from './i8-versions.ts';

/** What must hold after everything. */
export const invariants: readonly Invariant[] = [
  answered,
  oneCapture,
  stock,
  terminal,
  moneyAddsUp,
  told,
  drained,
  versions,
];
