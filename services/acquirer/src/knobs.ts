// The world outside: a card network that is not ours.
import { createHash } from 'node:crypto';
import { z } from 'zod';

const Percent = z.number().min(0).max(100);

/** What can be made to go wrong with every card while the acquirer runs. */
export const Knobs = z.object({
  /** Added to every answer, in milliseconds. */
  latencyMs: z.number().int().min(0).max(60_000),
  /** Share of the charges that are declined. */
  declinePercent: Percent,
  /** Share of the calls that are answered with 500 and change nothing. */
  errorPercent: Percent,
  /** Share of the charges that are booked and never answered. */
  lostAnswerPercent: Percent,
  /** False lets also the card `tok_refund_fails` give its money back. */
  refundsFail: z.boolean(),
});
export type Knobs = z.infer<typeof Knobs>;

export const initialKnobs: Knobs = {
  latencyMs: 0,
  declinePercent: 0,
  errorPercent: 0,
  lostAnswerPercent: 0,
  refundsFail: true,
};

/** Tells whether this call is among the given share. The same call always is, or never: a run can be repeated. */
export function isAmong(percent: number, what: string, call: string): boolean {
  if (percent === 0) return false;
  const hash = createHash('sha256').update(`${what}/${call}`).digest().readUInt32BE(0);
  return (hash / 2 ** 32) * 100 < percent;
}
