import { expect, test } from '@jest/globals';
import { hotSpots, toText } from './hot-functions.ts';

const frame = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url, lineNumber: 41 },
});
const profile = {
  nodes: [
    frame(1, '(idle)', ''),
    frame(2, 'parse', 'file:///home/a/node_modules/pg/lib/x.js'),
    frame(3, 'commit', 'file:///home/a/libs/pipeline/src/gather.ts'),
    frame(4, 'parse', 'file:///home/a/node_modules/pg/lib/x.js'),
    frame(5, '(garbage collector)', ''),
    frame(6, '', 'node:net'),
    frame(7, 'post', 'node:inspector'),
  ],
  samples: [1, 2, 3, 4, 5, 6, 7],
  timeDeltas: [400, 200, 100, 100, 50, 50, 100],
};

test('When a profile is read, then the time of each function is its own, wherever it was called from', () => {
  expect(hotSpots(profile)).toEqual({
    busyPercent: 50,
    functions: [
      { name: 'parse node_modules/pg/lib/x.js:42', percent: 60 },
      { name: 'commit libs/pipeline/src/gather.ts:42', percent: 20 },
      { name: '(garbage collector)', percent: 10 },
      { name: '(anonymous) node:net:42', percent: 10 },
    ],
    packages: [
      { name: 'pg', percent: 60 },
      { name: 'libs/pipeline', percent: 20 },
      { name: '(garbage collector)', percent: 10 },
      { name: 'node:net', percent: 10 },
    ],
  });
});

test('When few are asked for, then the hottest are told', () => {
  expect(toText('order-1', hotSpots(profile, 1))).toBe(
    [
      'order-1: busy 50 % of the time; of that, by package',
      '   60.0 %  pg',
      '  and by function',
      '   60.0 %  parse node_modules/pg/lib/x.js:42',
    ].join('\n'),
  );
});
