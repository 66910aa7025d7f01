import { existsSync } from 'node:fs';
import { INSTANCES_MAX, readArguments, SetupError } from '@doorbuster/stack';
import type { Curve } from './curve.ts';

/** What a person may want otherwise about the demo. */
export interface DemoOptions {
  curve: Curve;
  seed: number;
  basketsFile: string | undefined;
  catalogueFile: string | undefined;
  declinesPercent: number;
  hotSkuStock: number | undefined;
  instances: number;
  /** Services call each other by mutual TLS. */
  mtls: boolean;
  reportFile: string | undefined;
  infoFile: string | undefined;
  stay: boolean;
  /** A shop that is up, as `npm start -- --info FILE` wrote it; without one the demo starts its own. */
  shopFile: string | undefined;
}

const known = {
  seconds: { type: 'string', default: '60' },
  base: { type: 'string', default: '20' },
  peak: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  baskets: { type: 'string' },
  catalogue: { type: 'string' },
  declines: { type: 'string', default: '3' },
  'hot-sku-stock': { type: 'string' },
  instances: { type: 'string' },
  mtls: { type: 'boolean' },
  report: { type: 'string' },
  info: { type: 'string' },
  stay: { type: 'boolean' },
  shop: { type: 'string' },
} as const;

/** What can be said only of a shop that the demo starts itself. */
const ownShopOnly = ['hot-sku-stock', 'instances', 'mtls', 'info', 'stay'] as const;

/** Reads the command line of `npm run demo`. @throws SetupError that says in one sentence what makes no sense */
export function readOptions(args: string[]): DemoOptions {
  const names = Object.keys(known).map((name) => `--${name}`);
  const { values } = readArguments({ args, options: known }, `the options are ${names.join(', ')}`);
  const stranger =
    values.shop === undefined ? undefined : ownShopOnly.find((name) => values[name] !== undefined);
  if (stranger !== undefined)
    throw new SetupError(
      `--${stranger} is for a shop that the demo starts itself, and --shop names one that is up.`,
    );
  const curve = {
    seconds: whole('seconds', values.seconds, 1, 86_400),
    basePerS: rate('base', values.base),
    peakPerS: rate('peak', values.peak),
  };
  if (curve.peakPerS < curve.basePerS) throw new SetupError('--peak must not be lower than --base.');
  const stock = values['hot-sku-stock'];
  return {
    curve,
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1),
    basketsFile: file('baskets', values.baskets),
    catalogueFile: file('catalogue', values.catalogue),
    declinesPercent: percent('declines', values.declines),
    hotSkuStock: stock === undefined ? undefined : whole('hot-sku-stock', stock, 0, 1_000_000_000),
    instances: whole('instances', values.instances ?? '1', 1, INSTANCES_MAX),
    mtls: values.mtls ?? false,
    reportFile: values.report,
    infoFile: values.info,
    stay: values.stay ?? false,
    shopFile: file('shop', values.shop),
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new SetupError(`--${name} must be a whole number from ${min} to ${max}, not "${text}".`);
}

function rate(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0.1 && value <= 10_000) return value;
  throw new SetupError(`--${name} must be a number from 0.1 to 10000, not "${text}".`);
}

function percent(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 100) return value;
  throw new SetupError(`--${name} must be a percentage from 0 to 100, not "${text}".`);
}

function file(name: string, path: string | undefined): string | undefined {
  if (path === undefined || existsSync(path)) return path;
  throw new SetupError(`--${name}: there is no file ${path}.`);
}
