import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { newSigningKey, publicPartOf } from '../../libs/operator/src/index.ts';
import { readStartOptions } from '../../libs/stack/src/cli/start-options.ts';
import { readTokenCommand } from '../../libs/stack/src/cli/token-options.ts';
import { newFolder } from './temporary-folder.ts';

describe('When a token is asked for', () => {
  test('then it is good for an hour, unless something else is said', () => {
    expect(readTokenCommand(['--by', 'ann'])).toEqual({ kind: 'token', by: 'ann', minutes: 60 });
    const said = ['--info', 'shop.json', '--by', 'ann', '--minutes', '720'];
    expect(readTokenCommand(said)).toEqual({ kind: 'token', info: 'shop.json', by: 'ann', minutes: 720 });
    expect(readTokenCommand(['--new-key', '2027-1'])).toEqual({ kind: 'new key', name: '2027-1' });
  });

  test.each([
    [['--minutes', '0'], '--minutes must be a whole number from 1 to 720, not "0".'],
    [['--minutes', '721'], '--minutes must be a whole number from 1 to 720, not "721".'],
    [['--minutes', '1e2'], '--minutes must be a whole number from 1 to 720, not "1e2".'],
    [['--by', ''], '--by is a name of up to 64 letters'],
    [['--new-key', 'My Key'], '--new-key is a name of up to 32 small letters'],
    [['--for-ever'], "Unknown option '--for-ever'; the options are --info, --by"],
  ])('then %j is refused in one sentence', (args, sentence) => {
    expect(() => readTokenCommand(args)).toThrow(sentence);
  });
});

describe('When a shop is started with a key of its own', () => {
  const started = async (text: string) => {
    const file = path.join(await newFolder(), 'key');
    await writeFile(file, text, { mode: 0o600 });
    return readStartOptions(['--operator-key-file', file]);
  };
  const key = newSigningKey('2027-1');
  const old = publicPartOf(newSigningKey('2026-4'));

  test('then it is taken, and so is the old one that it replaces', async () => {
    expect(await started(`${key}\n`)).toMatchObject({ operatorSigningKey: key, operatorOldKey: undefined });
    expect(await started(`${key}\n${old}\n`)).toMatchObject({ operatorSigningKey: key, operatorOldKey: old });
  });

  test.each(['', publicPartOf(key), `${key}\n${key}`])('then %j is refused', async (text) => {
    await expect(started(text)).rejects.toThrow(
      /^--operator-key-file: .*key: A (signing|public) key is NAME/,
    );
  });
});
