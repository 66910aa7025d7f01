import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { silentProgress } from '../../libs/stack/src/progress.ts';
import { REPO_FOLDER } from '../../libs/stack/src/service-specs.ts';
import { buildWeb } from '../../libs/stack/src/web-page.ts';
import { newFolder } from './temporary-folder.ts';

const web = 'services/gateway/web';
const context = { progress: silentProgress };
const compressedMax = 150_000;
let checkout: string;
const dist = (...names: string[]): string => path.join(checkout, web, 'dist', ...names);
const read = (file: string): Promise<string> => readFile(dist(file), 'utf8');
/** Changes with every build, however equal what was built is. */
const builtAt = async (): Promise<number> => (await stat(dist('index.html'))).ino;

beforeAll(async () => {
  checkout = await newFolder();
  await mkdir(path.join(checkout, web), { recursive: true });
  for (const name of ['index.html', 'vite.config.ts', 'tsconfig.json', 'src'])
    await cp(path.join(REPO_FOLDER, web, name), path.join(checkout, web, name), { recursive: true });
  for (const name of ['package-lock.json', 'tsconfig.json'])
    await cp(path.join(REPO_FOLDER, name), path.join(checkout, name));
  await symlink(path.join(REPO_FOLDER, 'node_modules'), path.join(checkout, 'node_modules'));
  await Promise.all([buildWeb(context, checkout), buildWeb(context, checkout)]);
});

describe('When the page is built', () => {
  test('by two at once, then both have it, and nothing else is left', async () => {
    const left = (await readdir(path.join(checkout, web))).filter((name) => name.startsWith('dist'));
    expect(left).toEqual(['dist']);
    expect(await read('index.html')).toContain('<div id="page">');
  });

  test('then all of its script and style is small enough to be there at once', async () => {
    const files = await readdir(dist('assets'));
    const whole = await Promise.all(files.map((file) => readFile(dist('assets', file))));
    const bytes = whole.reduce((sum, file) => sum + gzipSync(file).length, 0);
    expect(files.some((file) => file.endsWith('.js'))).toBe(true);
    expect(bytes).toBeLessThan(compressedMax);
  });

  test('then it keeps to the policy: its own files only, and no script or style within the page', async () => {
    const html = await read('index.html');
    expect(html).not.toMatch(/<style|style=|<script(?![^>]* src=)|\bon\w+=/);
    const places = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, place]) => place);
    expect(places.length).toBeGreaterThanOrEqual(3);
    for (const place of places) expect(place).toMatch(/^\/(assets\/[\w.-]+|docs)$/);
  });

  test('then no validator came along with the types', async () => {
    const scripts = (await readdir(dist('assets'))).filter((file) => file.endsWith('.js'));
    const texts = await Promise.all(scripts.map((file) => read(`assets/${file}`)));
    expect(texts.join()).not.toContain('ZodError');
  });
});

describe('When the page is there already', () => {
  test('and its sources have not changed, then it is not built again', async () => {
    const before = await builtAt();
    await buildWeb(context, checkout);
    expect(await builtAt()).toBe(before);
  });

  test('and a source has changed, then it is built again', async () => {
    const before = await builtAt();
    const style = path.join(checkout, web, 'src/style/tokens.css');
    await writeFile(style, `${await readFile(style, 'utf8')}\n:root { --radius: 3px }\n`);
    await buildWeb(context, checkout);
    expect(await builtAt()).not.toBe(before);
  });
});

test('When the page cannot be built, then it is said, and the one that is there stays', async () => {
  const before = await builtAt();
  await writeFile(path.join(checkout, web, 'src/main.tsx'), 'this is no script');
  await expect(buildWeb(context, checkout)).rejects.toThrow('does not build');
  expect(await builtAt()).toBe(before);
});
