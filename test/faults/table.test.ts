import { describe, expect, test } from '@jest/globals';
import { filesUnder, readSource } from '../house/source.ts';
import { readChaosOptions } from './chaos/options.ts';
import { readFaultOptions } from './options.ts';
import { faults } from './table.ts';

const ids = faults.map(({ id }) => id);

describe('When the table of faults is read', () => {
  test('then it has each fault that is not about what comes in at the door, once and in order', () => {
    const wanted = Array.from({ length: 39 }, (_, n) => n + 1).filter((n) => n <= 18 || n >= 26);
    expect(ids.filter((id) => /^\d+$/.test(id))).toEqual(wanted.map(String));
  });

  test('then every file of a case is in it, and says what it breaks, how, and what must hold', () => {
    const files = filesUnder('test/faults/cases');
    const { text } = readSource('test/faults/table.ts');
    expect(files.length).toBe(ids.filter((id) => /^\d+$/.test(id)).length);
    for (const file of files) {
      const [comment = ''] = readSource(file).text.split('\nimport ');
      const words = comment.replaceAll('\n// ', ' ');
      expect([file, words]).toEqual([file, expect.stringMatching(/^\/\/ Breaks: .* How: .* Must hold: /)]);
      expect(text).toContain(file.replace('test/faults/', './'));
    }
  });
});

describe('When the command line makes no sense', () => {
  test('then it says so in one sentence', () => {
    expect(() => readFaultOptions(['--only', '99'], ids)).toThrow('--only: there is no fault 99.');
    expect(() => readFaultOptions(['--seed', 'x'], ids)).toThrow('--seed must be');
    expect(() => readChaosOptions(['--minutes', '0'])).toThrow('--minutes must be');
    expect(() => readChaosOptions(['--only', '3,x'])).toThrow('--only takes numbers');
  });

  test('then what makes sense is taken', () => {
    expect(readFaultOptions(['--only', '8,10', '--seed', '7'], ids)).toMatchObject({
      only: ['8', '10'],
      seed: 7,
    });
    expect(readChaosOptions(['--minutes', '0.5'])).toEqual({ minutes: 0.5, seed: 1, only: undefined });
  });
});
