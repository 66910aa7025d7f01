import { INSTANCES_MAX, readArguments, SetupError } from '@doorbuster/stack';
import { fullOverload, type OverloadPlan, quickOverload } from './overload/plan.ts';
import { settings } from './paired.ts';
import { fullPlan, type Plan, quickPlan } from './plan.ts';
import type { Side } from './sides/side.ts';

export interface BenchOptions {
  plan: Plan;
  seed: number;
  /** The sides that are run. */
  sides: readonly Side['name'][];
  withVariants: boolean;
  /** How many pairs of windows tell what a setting costs; then nothing else is measured. */
  costPairs: number | undefined;
  /** Only settings with these words in their names. */
  setting: string;
  /** How more is offered than the shop can sell; then nothing else is measured. */
  overload: OverloadPlan | undefined;
  /** Of each service of the shop. */
  instances: number;
  /** Orders that the shop has sold before. */
  oldOrders: number;
  /** Where the profiles go; then nothing else is measured. */
  profileFolder: string | undefined;
  reportFile: string | undefined;
  writesDocs: boolean;
}

const known = {
  quick: { type: 'boolean', default: false },
  alternations: { type: 'string' },
  seconds: { type: 'string' },
  seed: { type: 'string', default: '1' },
  only: { type: 'string' },
  variants: { type: 'boolean', default: false },
  costs: { type: 'string' },
  setting: { type: 'string', default: '' },
  overload: { type: 'boolean', default: false },
  instances: { type: 'string' },
  'old-orders': { type: 'string' },
  profile: { type: 'string' },
  report: { type: 'string' },
  docs: { type: 'boolean', default: false },
} as const;

const names = Object.keys(known).map((name) => `--${name}`);
const both = ['shop', 'monolith'] as const;

/** Reads the command line of `npm run bench`. @throws SetupError that says in one sentence what makes no sense */
export function readBenchOptions(args: string[]): BenchOptions {
  const { values } = readArguments({ args, options: known }, `the options are ${names.join(', ')}`);
  const plan = values.quick ? quickPlan : fullPlan;
  const sides = both.filter((name) => values.only === undefined || values.only === name);
  if (sides.length === 0) throw new SetupError(`--only must be shop or monolith, not "${values.only}".`);
  const isOwn =
    values.quick || sides.length < both.length || values.instances || values['old-orders'] || values.setting;
  if (values.docs && isOwn)
    throw new SetupError('--docs quotes full runs of both sides as they are; leave out what changes them.');
  if (!Object.keys(settings).some((name) => name.includes(values.setting)))
    throw new SetupError(`--setting must be words of one of: ${Object.keys(settings).join('; ')}.`);
  const windowMs = 1_000 * whole('seconds', values.seconds, 1, 600, plan.times.windowMs / 1_000);
  return {
    plan: {
      ...plan,
      alternations: whole('alternations', values.alternations, 1, 20, plan.alternations),
      times: { ...plan.times, windowMs },
    },
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1, 1),
    sides,
    withVariants: values.variants,
    costPairs: values.costs === undefined ? undefined : whole('costs', values.costs, 2, 100, 2),
    setting: values.setting,
    overload: values.overload ? overloadOf(values.quick, values.seconds) : undefined,
    instances: whole('instances', values.instances, 1, INSTANCES_MAX, 1),
    oldOrders: whole('old-orders', values['old-orders'], 0, 10_000_000, 0),
    profileFolder: values.profile,
    reportFile: values.report,
    writesDocs: values.docs,
  };
}

function overloadOf(isQuick: boolean, seconds: string | undefined): OverloadPlan {
  const plan = isQuick ? quickOverload : fullOverload;
  return { ...plan, windowMs: 1_000 * whole('seconds', seconds, 1, 600, plan.windowMs / 1_000) };
}

function whole(name: string, text: string | undefined, min: number, max: number, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new SetupError(`--${name} must be a whole number from ${min} to ${max}, not "${text}".`);
}
