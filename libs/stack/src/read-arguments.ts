import { type ParseArgsConfig, parseArgs } from 'node:util';
import { SetupError } from './setup-error.ts';

/**
 * Node's `parseArgs`, for people: what it has against the arguments comes as one sentence with our advice instead
 * of its own.
 * @throws SetupError
 */
export function readArguments<T extends ParseArgsConfig>(config: T, advice: string) {
  try {
    return parseArgs(config);
  } catch (cause) {
    throw new SetupError(`${complaintOf(cause)}; ${advice}.`, { cause });
  }
}

const complaintOf = (cause: unknown): string =>
  String(cause)
    .replace(/^\w*Error( \[\w+\])?: /, '')
    .split('. ')[0] ?? '';
