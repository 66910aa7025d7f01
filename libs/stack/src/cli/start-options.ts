import { existsSync, readFileSync } from 'node:fs';
import { readPublicKeys, readSigningKey } from '@doorbuster/operator';
import { readArguments } from '../read-arguments.ts';
import { SetupError } from '../setup-error.ts';
import type { ShopOptions } from '../shop.ts';
import { INSTANCES_MAX } from '../supervisor.ts';

export type StartOptions = Omit<ShopOptions, 'progress' | 'signal'> & { infoFile: string | undefined };

const OPTIONS = {
  info: { type: 'string' },
  instances: { type: 'string' },
  catalogue: { type: 'string' },
  'hot-sku': { type: 'string' },
  'hot-sku-stock': { type: 'string' },
  'trace-share': { type: 'string' },
  observability: { type: 'boolean' },
  mtls: { type: 'boolean' },
  watch: { type: 'boolean' },
  'operator-key-file': { type: 'string' },
} as const;

/** Reads the command line of `npm start`; what makes no sense is refused in one sentence. */
export function readStartOptions(args: string[]): StartOptions {
  const names = Object.keys(OPTIONS).map((name) => `--${name}`);
  const { values } = readArguments({ args, options: OPTIONS }, `the options are ${names.join(', ')}`);
  if (values.catalogue !== undefined && !existsSync(values.catalogue)) {
    throw new SetupError(`--catalogue: there is no file ${values.catalogue}.`);
  }
  return {
    infoFile: values.info,
    catalogue: values.catalogue,
    hotSku: values['hot-sku'],
    instances: whole('instances', values.instances, 1, INSTANCES_MAX),
    hotSkuStock: whole('hot-sku-stock', values['hot-sku-stock'], 0, Number.MAX_SAFE_INTEGER),
    traceShare: share('trace-share', values['trace-share']),
    observability: values.observability,
    mtls: values.mtls,
    watch: values.watch,
    ...operatorKeys(values['operator-key-file']),
  };
}

function whole(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new SetupError(`--${name} must be a whole number ${range}, not "${text}".`);
}

function share(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new SetupError(`--${name} must be a number from 0 to 1, not "${text}".`);
}

/** A file and no option, because everybody on a machine can read the options of its processes. */
function operatorKeys(file: string | undefined): Pick<ShopOptions, 'operatorSigningKey' | 'operatorOldKey'> {
  if (file === undefined) return {};
  if (!existsSync(file)) throw new SetupError(`--operator-key-file: there is no file ${file}.`);
  const [operatorSigningKey = '', operatorOldKey] = readFileSync(file, 'utf8').trim().split(/\s+/);
  try {
    readSigningKey(operatorSigningKey);
    if (operatorOldKey !== undefined) readPublicKeys(operatorOldKey);
  } catch (cause) {
    const words = cause instanceof TypeError ? cause.message : String(cause);
    throw new SetupError(`--operator-key-file: ${file}: ${words}.`, { cause });
  }
  return { operatorSigningKey, operatorOldKey };
}
