import { readArguments, SetupError } from '@doorbuster/stack';

const known = {
  seed: { type: 'string', default: '1' },
  only: { type: 'string' },
  report: { type: 'string' },
} as const;

export interface FaultOptions {
  seed: number;
  /** The ids of the cases to run; all where none is named. */
  only: string[] | undefined;
  reportFile: string | undefined;
}

/** Reads the command line of `npm run faults`. @throws SetupError that says in one sentence what makes no sense */
export function readFaultOptions(args: string[], ids: readonly string[]): FaultOptions {
  const names = Object.keys(known).map((name) => `--${name}`);
  const { values } = readArguments({ args, options: known }, `the options are ${names.join(', ')}`);
  const only = values.only?.split(',');
  const stranger = only?.find((id) => !ids.includes(id));
  if (stranger !== undefined) throw new SetupError(`--only: there is no fault ${stranger}.`);
  return { seed: readSeed(values.seed), only, reportFile: values.report };
}

/** @throws SetupError when it is no whole number of at most six digits */
export function readSeed(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new SetupError(`--seed must be a whole number from 0 to 999999, not "${text}".`);
}
