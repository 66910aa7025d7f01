import { userInfo } from 'node:os';
import { tokenMinutesMax } from '@doorbuster/operator';
import { readArguments } from '../read-arguments.ts';
import { SetupError } from '../setup-error.ts';

/** One call of `npm run token`. */
export type TokenCommand =
  | { kind: 'token'; info: string | undefined; by: string; minutes: number }
  | { kind: 'new key'; name: string };

const options = {
  info: { type: 'string' },
  by: { type: 'string' },
  minutes: { type: 'string', default: '60' },
  'new-key': { type: 'string' },
} as const;

const usage = 'the options are --info, --by, --minutes and --new-key';

/** Reads the command line of `npm run token`. @throws SetupError, one sentence */
export function readTokenCommand(args: string[]): TokenCommand {
  const { values } = readArguments({ args, options }, usage);
  const { info, by = userInfo().username, minutes, 'new-key': name } = values;
  if (name !== undefined) {
    if (/^[a-z0-9-]{1,32}$/.test(name)) return { kind: 'new key', name };
    throw new SetupError('--new-key is a name of up to 32 small letters, digits and dashes, such as 2027-1.');
  }
  if (!/^\d{1,4}$/.test(minutes) || Number(minutes) < 1 || Number(minutes) > tokenMinutesMax)
    throw new SetupError(`--minutes must be a whole number from 1 to ${tokenMinutesMax}, not "${minutes}".`);
  if (!/^[\x21-\x7e]{1,64}$/.test(by))
    throw new SetupError('--by is a name of up to 64 letters without blanks.');
  return { kind: 'token', info, by, minutes: Number(minutes) };
}
