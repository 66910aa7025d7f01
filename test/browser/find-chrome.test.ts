import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SetupError, silentProgress } from '@doorbuster/stack';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findChrome } from './find-chrome.ts';

const { PATH, CHROME_PATH } = process.env;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'doorbuster-chrome-'));
  delete process.env['CHROME_PATH'];
  process.env['PATH'] = folder;
});
afterEach(async () => {
  Object.assign(process.env, { PATH, CHROME_PATH });
  if (CHROME_PATH === undefined) delete process.env['CHROME_PATH'];
  await rm(folder, { recursive: true });
});

const find = () => findChrome({ progress: silentProgress });

async function program(name: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, '', { mode: 0o755 });
  return file;
}

describe('When the browser for the tests is looked for', () => {
  test('then the one that CHROME_PATH names comes first', async () => {
    await program('chromium');
    const named = await program('my-chrome');
    process.env['CHROME_PATH'] = named;
    expect(await find()).toBe(named);
  });

  test('then one on PATH is found', async () => {
    const chrome = await program('google-chrome');
    expect(await find()).toBe(chrome);
  });

  test('and CHROME_PATH names nothing, then a sentence says so', async () => {
    await program('chromium');
    process.env['CHROME_PATH'] = '/nowhere/chrome';
    await expect(find()).rejects.toThrow(new SetupError('CHROME_PATH: there is no program /nowhere/chrome.'));
  });

  test('and there is neither one nor a way to install it, then a sentence says what to do', async () => {
    if (process.platform === 'darwin') return;
    await expect(find()).rejects.toThrow(
      /^There is no browser: install Chromium or Chrome, or .*CHROME_PATH/,
    );
  });
});
