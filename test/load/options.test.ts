import { expect, test } from '@jest/globals';
import { readOptions } from './options.ts';

test('When nothing is said, then it is the Black Friday of the README', () => {
  expect(readOptions([])).toMatchObject({
    curve: { seconds: 60, basePerS: 20, peakPerS: 200 },
    declinesPercent: 3,
    instances: 1,
    stay: false,
  });
});

test.each([
  [['--seconds', 'many'], '--seconds must be a whole number from 1 to 86400, not "many".'],
  [['--base', '0'], '--base must be a number from 0.1 to 10000, not "0".'],
  [['--declines', '101'], '--declines must be a percentage from 0 to 100, not "101".'],
  [['--base', '50', '--peak', '20'], '--peak must not be lower than --base.'],
  [['--baskets', '/no/such/file'], '--baskets: there is no file /no/such/file.'],
  [['--shop', '/no/such/file'], '--shop: there is no file /no/such/file.'],
  [
    ['--shop', 'package.json', '--instances', '2'],
    '--instances is for a shop that the demo starts itself, and --shop names one that is up.',
  ],
  [['--what'], expect.stringMatching(/^Unknown option '--what'; the options are --seconds, /)],
])('When %j is asked for, then one sentence says what is wrong', (args, sentence) => {
  expect(() => readOptions(args)).toThrow(expect.objectContaining({ name: 'SetupError', message: sentence }));
});
