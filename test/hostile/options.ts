import { readArguments, SetupError } from '@doorbuster/stack';
import { readSeed } from '../faults/options.ts';

const known = {
  seed: { type: 'string', default: '1' },
  only: { type: 'string' },
  report: { type: 'string' },
} as const;

export interface HostileOptions {
  seed: number;
  /** The groups to try; all where none is named. */
  only: string[] | undefined;
  reportFile: string | undefined;
}

/** Reads the command line of `npm run hostile`. @throws SetupError that says in one sentence what makes no sense */
export function readHostileOptions(args: string[], ids: readonly string[]): HostileOptions {
  const names = Object.keys(known).map((name) => `--${name}`);
  const { values } = readArguments({ args, options: known }, `the options are ${names.join(', ')}`);
  const only = values.only?.split(',');
  const stranger = only?.find((id) => !ids.includes(id));
  if (stranger !== undefined)
    throw new SetupError(`--only: there is no group ${stranger}; there are ${ids.join(', ')}.`);
  return { seed: readSeed(values.seed), only, reportFile: values.report };
}
