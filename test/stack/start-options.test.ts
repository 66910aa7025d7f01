import { expect, test } from '@jest/globals';
import { readStartOptions } from '../../libs/stack/src/cli/start-options.ts';

test('Options are read as what they mean', () => {
  const args = [
    '--info',
    'shop.json',
    '--instances',
    '2',
    '--hot-sku',
    'A-1',
    '--hot-sku-stock=0',
    '--trace-share',
    '0.5',
    '--observability',
    '--mtls',
    '--watch',
  ];
  expect(readStartOptions(args)).toMatchObject({
    infoFile: 'shop.json',
    instances: 2,
    hotSku: 'A-1',
    hotSkuStock: 0,
    traceShare: 0.5,
    observability: true,
    mtls: true,
    watch: true,
  });
});

test.each([
  [['--instances', 'two'], '--instances must be a whole number from 1 to 16, not "two".'],
  [['--instances', '0'], '--instances must be a whole number from 1 to 16, not "0".'],
  [['--hot-sku-stock=-1'], '--hot-sku-stock must be a whole number of at least 0, not "-1".'],
  [['--trace-share', '2'], '--trace-share must be a number from 0 to 1, not "2".'],
  [
    ['--operator-key-file', 'package.json'],
    '--operator-key-file: package.json: A signing key is NAME.KEY.SECRET',
  ],
  [['--catalogue', 'nowhere.csv'], '--catalogue: there is no file nowhere.csv.'],
  [['--colour', 'red'], "Unknown option '--colour'; the options are --info, --instances"],
])('%j is refused in one sentence', (args, sentence) => {
  expect(() => readStartOptions(args)).toThrow(sentence);
});
