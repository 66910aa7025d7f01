import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { withLock } from '../../libs/stack/src/lock.ts';
import { ownerOf, tryLock } from '../../libs/stack/src/lock-file.ts';
import { newFolder } from './temporary-folder.ts';

const CONTENDER = fileURLToPath(new URL('./fixtures/lock-contender.ts', import.meta.url));

test('A lock that is held is not given to a second', async () => {
  const file = path.join(await newFolder(), 'lock');
  const lock = tryLock(file);
  expect(lock).toBeDefined();
  expect(tryLock(file)).toBeUndefined();
  lock?.release();
  expect(tryLock(file)).toBeDefined();
});

test('When the owner is dead, then its lock is taken over and leaves nothing behind', async () => {
  const file = path.join(await newFolder(), 'lock');
  await symlink('1:some-other-start-time', file);
  const lock = tryLock(file);
  expect(ownerOf(file)?.pid).toBe(process.pid);
  lock?.release();
  expect(ownerOf(file)).toBeUndefined();
  expect(ownerOf(`${file}.takeover`)).toBeUndefined();
});

test('When somebody died while taking over a stale lock, then the next one still gets it', async () => {
  const file = path.join(await newFolder(), 'lock');
  await symlink('1:some-other-start-time', file);
  await symlink('1:yet-another-start-time', `${file}.takeover`);
  expect(tryLock(file)).toBeDefined();
});

test('Who has to wait is told for whom, once, and gets the lock in the end', async () => {
  const file = path.join(await newFolder(), 'lock');
  const lock = tryLock(file);
  const waitedFor: number[] = [];
  const options = {
    limitMs: 5000,
    onWait: (owner: { pid: number }) => lock?.release() ?? waitedFor.push(owner.pid),
  };
  await expect(withLock(file, options, async () => 'done')).resolves.toBe('done');
  expect(waitedFor).toEqual([process.pid]);
});

test('When six processes fight over a stale lock, then never two of them hold it', async () => {
  const folder = await newFolder();
  const counter = path.join(folder, 'counter');
  await writeFile(counter, '0');
  await symlink('1:some-other-start-time', path.join(folder, 'lock'));
  const contenders = Array.from({ length: 6 }, () => spawn(process.execPath, [CONTENDER, folder, '60']));
  const codes = await Promise.all(contenders.map(async (one) => (await once(one, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
  // Each reads the number and writes it back, one higher; two at once would lose a step.
  expect(await readFile(counter, 'utf8')).toBe('360');
});
