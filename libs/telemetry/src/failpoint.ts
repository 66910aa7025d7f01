import { channel } from 'node:diagnostics_channel';

/**
 * The borders of the pipeline: between two of them a process may die, and what is left must be picked up from there.
 * They stand in the order in which one input passes them; offsets and deletes follow some time later.
 */
export const failpoints = [
  'before-load',
  'after-load',
  'before-commit',
  /** The commit is on its way to the database, and nobody knows yet what became of it. */
  'during-commit',
  'after-commit',
  'before-effect',
  'after-effect',
  /** The answer of the outside world is committed. */
  'after-answer',
  'before-publish',
  'after-publish',
  'before-delete',
  'after-delete',
  'before-offsets',
  'after-offsets',
] as const;
export type Failpoint = (typeof failpoints)[number];

/** Where passings are told, inside the process only: nothing in production listens, and nothing outside can. */
export const failpointChannel = 'doorbuster:failpoint';
const passings = channel(failpointChannel);

/** Says that this border was reached. Whoever listens runs before the next statement does, and may end the process. */
export function reached(failpoint: Failpoint): void {
  if (passings.hasSubscribers) passings.publish(failpoint);
}
