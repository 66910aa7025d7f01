import { userInfo } from 'node:os';
import { readArguments } from '../read-arguments.ts';
import { SCALED } from '../service-specs.ts';
import { SetupError } from '../setup-error.ts';

/** The services that have dead letters. */
export const participants: readonly string[] = SCALED;

interface Common {
  info: string | undefined;
}
interface Filter {
  type: string | undefined;
  reason: string | undefined;
}
interface Signed {
  by: string;
  why: string;
}

/** One call of `npm run dead-letters`. */
export type DeadLetterCommand = Common &
  (
    | ({ kind: 'list'; service: string | undefined; open: boolean; limit: number } & Filter)
    | { kind: 'show'; service: string; id: number }
    | ({ kind: 'replay'; service: string; ids: number[] | undefined } & Filter & Signed)
    | ({ kind: 'edit'; service: string; id: number; type: string | undefined; file: string } & Signed)
  );

const options = {
  info: { type: 'string' },
  type: { type: 'string' },
  reason: { type: 'string' },
  all: { type: 'boolean', default: false },
  limit: { type: 'string', default: '50' },
  data: { type: 'string' },
  by: { type: 'string', default: userInfo().username },
  why: { type: 'string' },
} as const;

const usage =
  'use it as: npm run dead-letters -- list [SERVICE] | show SERVICE ID | replay SERVICE ID... | edit SERVICE ID; ' +
  `the options are ${Object.keys(options)
    .map((name) => `--${name}`)
    .join(', ')}`;

/** Reads the command line of `npm run dead-letters`. @throws SetupError that says in one sentence what is missing */
export function readDeadLetterCommand(args: string[]): DeadLetterCommand {
  const { values, positionals } = readArguments({ args, options, allowPositionals: true }, usage);
  const { info, type, reason, by } = values;
  const [kind, service, ...rest] = positionals;
  switch (kind) {
    case 'list':
      if (rest.length > 0) throw wrong('Only one service can be named');
      return {
        ...{ kind, info, type, reason, open: !values.all, limit: whole('--limit', values.limit) },
        service: service === undefined ? undefined : serviceOf(service),
      };
    case 'show':
      return { kind, info, service: serviceOf(service), id: theOneId(rest) };
    case 'replay': {
      const ids = rest.map((text) => whole('A dead letter', text));
      if (ids.length === 0 && type === undefined && reason === undefined)
        throw wrong('Name the letters, or a --type or --reason of all that are to be replayed');
      const selected = ids.length > 0 ? ids : undefined;
      return { kind, info, service: serviceOf(service), ids: selected, type, reason, by, why: whyOf(values) };
    }
    case 'edit':
      if (values.data === undefined) throw wrong('--data names the file with the new message');
      return {
        ...{ kind, info, type, by, file: values.data, why: whyOf(values) },
        ...{ service: serviceOf(service), id: theOneId(rest) },
      };
    default:
      throw wrong(kind === undefined ? 'Something has to be done' : `There is no ${kind}`);
  }
}

const wrong = (complaint: string): SetupError => new SetupError(`${complaint}; ${usage}.`);

function serviceOf(service: string | undefined): string {
  if (service !== undefined && participants.includes(service)) return service;
  throw wrong(`The service is one of ${participants.join(', ')}`);
}

function theOneId(words: string[]): number {
  const [id, ...more] = words;
  if (id === undefined || more.length > 0) throw wrong('One dead letter is needed');
  return whole('A dead letter', id);
}

function whole(what: string, text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw wrong(`${what} is a whole number, not "${text}"`);
}

function whyOf({ why }: { why?: string | undefined }): string {
  if (why !== undefined && why.trim() !== '') return why;
  throw wrong('--why says why; it is kept');
}
