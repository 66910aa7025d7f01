import { expect, test } from '@jest/globals';
import { readBenchOptions } from './options.ts';
import { fullOverload, quickOverload } from './overload/plan.ts';
import { fullPlan, quickPlan } from './plan.ts';

test('When nothing is asked for, then the full plan is run with both sides', () => {
  expect(readBenchOptions([])).toEqual({
    plan: fullPlan,
    seed: 1,
    sides: ['shop', 'monolith'],
    withVariants: false,
    costPairs: undefined,
    setting: '',
    overload: undefined,
    instances: 1,
    oldOrders: 0,
    profileFolder: undefined,
    reportFile: undefined,
    writesDocs: false,
  });
});

test('When something else is asked for, then that is run', () => {
  const options = readBenchOptions(['--quick', '--only', 'shop', '--seconds', '7', '--alternations', '2']);
  expect(options.sides).toEqual(['shop']);
  expect(options.plan).toEqual({
    ...quickPlan,
    alternations: 2,
    times: { ...quickPlan.times, windowMs: 7_000 },
  });
});

test('When an overload is asked for, then its windows can be as long as one wants', () => {
  expect(readBenchOptions(['--overload']).overload).toEqual(fullOverload);
  expect(readBenchOptions(['--overload', '--quick', '--seconds', '7']).overload).toEqual({
    ...quickOverload,
    windowMs: 7_000,
  });
});

test('When an option makes no sense, then one sentence says so', () => {
  expect(() => readBenchOptions(['--only', 'both'])).toThrow('--only must be shop or monolith, not "both".');
  expect(() => readBenchOptions(['--seconds', '0'])).toThrow(
    '--seconds must be a whole number from 1 to 600',
  );
  expect(() => readBenchOptions(['--alternations', '0'])).toThrow('--alternations must be a whole number');
  expect(() => readBenchOptions(['--costs', '1'])).toThrow('--costs must be a whole number from 2 to 100');
  expect(() => readBenchOptions(['--quick', '--docs'])).toThrow(
    '--docs quotes full runs of both sides as they are',
  );
  expect(() => readBenchOptions(['--costs', '2', '--setting', 'sunshine'])).toThrow(
    /^--setting must be words of one of: .*; mutual TLS between the services; /,
  );
  expect(() => readBenchOptions(['--fast'])).toThrow(/the options are --quick, /);
});
