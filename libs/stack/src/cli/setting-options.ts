import { readArguments } from '../read-arguments.ts';
import { SetupError } from '../setup-error.ts';

/** One call of `npm run settings`. */
export type SettingCommand = { info: string | undefined } & (
  | { kind: 'list' }
  | { kind: 'set'; service: string; name: string; text: string }
  | { kind: 'unset'; service: string; name: string }
);

const options = { info: { type: 'string' } } as const;

const usage =
  'use it as: npm run settings -- list | set SERVICE SETTING VALUE | unset SERVICE SETTING; the option is --info';

/** Reads the command line of `npm run settings`. @throws SetupError that says in one sentence what is missing */
export function readSettingCommand(args: string[]): SettingCommand {
  const { values, positionals } = readArguments({ args, options, allowPositionals: true }, usage);
  const { info } = values;
  const [kind, service = '', name = '', text = '', ...more] = positionals;
  switch (kind) {
    case 'list':
      if (service !== '') throw wrong('There is nothing to be named in a list');
      return { kind, info };
    case 'set':
      if (text.trim() === '' || more.length > 0) throw wrong('A service, a setting and one value are needed');
      return { kind, info, service, name, text };
    case 'unset':
      if (name === '' || text !== '') throw wrong('A service and one setting are needed');
      return { kind, info, service, name };
    default:
      throw wrong(kind === undefined ? 'Something has to be done' : `There is no ${kind}`);
  }
}

const wrong = (complaint: string): SetupError => new SetupError(`${complaint}; ${usage}.`);
