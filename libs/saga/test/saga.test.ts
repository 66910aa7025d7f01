import { describe, expect, test } from '@jest/globals';
import { advance, ended, isEnded, type Saga, start, toMermaid, words } from '../src/index.ts';

interface Tea {
  sugar: number;
}
const { to, retry, ignore } = words<'boiling' | 'ready', Tea, string>();
const boil = () => 'boil';
const serve = ({ sugar }: Tea) => `serve with ${sugar}`;
const tea: Saga<'boiling' | 'ready', 'Boiled' | 'TimedOut' | 'Spilt', Tea, string> = {
  starts: to('boiling', [boil]),
  ends: ['ready'],
  states: {
    boiling: {
      Boiled: to('ready', [serve], { sugar: 2 }),
      TimedOut: retry(boil),
      Spilt: ignore('it happens'),
    },
    ready: ended(['Boiled', 'TimedOut', 'Spilt'], 'the tea is ready'),
  },
};

describe('When a trigger comes', () => {
  test('that moves the saga, then messages are built from what it has learnt by then', () => {
    expect(advance(tea, 'boiling', 'Boiled', { sugar: 0 })).toEqual({
      kind: 'move',
      state: 'ready',
      facts: { sugar: 2 },
      messages: ['serve with 2'],
    });
  });

  test('that asks again, then the state stays', () => {
    expect(advance(tea, 'boiling', 'TimedOut', { sugar: 0 })).toMatchObject({
      state: 'boiling',
      messages: ['boil'],
    });
  });

  test('that is ignored, then it says why', () => {
    expect(advance(tea, 'ready', 'Boiled', { sugar: 0 })).toEqual({
      kind: 'ignore',
      why: 'the tea is ready',
    });
  });
});

test('When a saga starts, then it is in its first state with its first messages', () => {
  expect(start(tea, { sugar: 0 })).toEqual({ state: 'boiling', messages: ['boil'] });
  expect([isEnded(tea, 'boiling'), isEnded(tea, 'ready')]).toEqual([false, true]);
});

test('When a saga is drawn, then every row that does something is an arrow', () => {
  expect(toMermaid(tea)).toBe(
    [
      'stateDiagram-v2',
      '  [*] --> boiling: boil',
      '  boiling --> ready: Boiled / serve',
      '  boiling --> boiling: TimedOut / boil',
      '  ready --> [*]',
      '',
    ].join('\n'),
  );
});
