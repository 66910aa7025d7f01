import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { cached, cacheRoot } from '../../libs/stack/src/cache.ts';
import { silentProgress } from '../../libs/stack/src/progress.ts';
import { newFolder } from './temporary-folder.ts';

const item = silentProgress.item('test');

beforeEach(async () => {
  process.env['XDG_CACHE_HOME'] = await newFolder();
});

test('When two want the same artefact at once, then it is made once and both get it', async () => {
  let made = 0;
  const make = async (draft: string) => writeFile(draft, `made ${++made}`);
  const files = await Promise.all([
    cached('tool', item, undefined, make),
    cached('tool', item, undefined, make),
  ]);
  expect(new Set(files).size).toBe(1);
  expect(await readFile(files[0], 'utf8')).toBe('made 1');
  expect(await readdir(cacheRoot())).toEqual(['tool']);
});

test('When making it fails, then nothing has its name and the next one tries again', async () => {
  const failing = async (draft: string) => {
    await writeFile(draft, 'half');
    throw new Error('the network is gone');
  };
  await expect(cached('tool', item, undefined, failing)).rejects.toThrow('the network is gone');
  expect(existsSync(path.join(cacheRoot(), 'tool'))).toBe(false);
  const file = await cached('tool', item, undefined, (draft) => writeFile(draft, 'whole'));
  expect(await readFile(file, 'utf8')).toBe('whole');
});

test('When a killed builder left half a folder, then none of it is in the artefact', async () => {
  await mkdir(path.join(cacheRoot(), 'tool.draft-1'), { recursive: true });
  await writeFile(path.join(cacheRoot(), 'tool.draft-1', 'half'), '');
  const folder = await cached('tool', item, undefined, async (draft) => {
    await mkdir(draft);
    await writeFile(path.join(draft, 'whole'), '');
  });
  expect(await readdir(folder)).toEqual(['whole']);
});
