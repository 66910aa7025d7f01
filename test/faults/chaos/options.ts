import { readArguments, SetupError } from '@doorbuster/stack';
import { readSeed } from '../options.ts';

const known = {
  minutes: { type: 'string', default: '10' },
  seed: { type: 'string', default: '1' },
  only: { type: 'string' },
} as const;

export interface ChaosOptions {
  minutes: number;
  seed: number;
  /** The numbers of the faults that are left of the schedule; all where none is named. */
  only: number[] | undefined;
}

/** Reads the command line of `npm run chaos`. @throws SetupError that says in one sentence what makes no sense */
export function readChaosOptions(args: string[]): ChaosOptions {
  const names = Object.keys(known).map((name) => `--${name}`);
  const { values } = readArguments({ args, options: known }, `the options are ${names.join(', ')}`);
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 240))
    throw new SetupError(`--minutes must be a number up to 240, not "${values.minutes}".`);
  const only = values.only?.split(',').map(Number);
  if (only?.some((n) => !Number.isInteger(n) || n < 1))
    throw new SetupError(`--only takes numbers of faults, such as 3,17, not "${values.only}".`);
  return { minutes, seed: readSeed(values.seed), only };
}
