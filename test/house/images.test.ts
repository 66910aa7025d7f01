import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { foldersOf, importsOf, isThere, readSource, root } from './source.ts';

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** What `.dockerignore` keeps out, after what it lets in. */
const keptOut = read('.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && line !== '*' && !/^[#!]/.test(line));

/** The folders that a stage of the Dockerfile, and those that it is built on, take from the checkout. */
function foldersIn(stage: string): string[] {
  const text = read('Dockerfile').split(/^(?=FROM )/m);
  const lines = text.find((one) => one.startsWith('FROM ') && one.split('\n')[0]?.endsWith(` AS ${stage}`));
  if (lines === undefined) return [];
  const [, base = ''] = /^FROM (\S+)/.exec(lines) ?? [];
  const copied = [...lines.matchAll(/^COPY (?!--from)(\S+) (\S+)$/gm)].map(([, from = '']) => from);
  return [...foldersIn(base), ...copied];
}

const isIn = (file: string, folders: readonly string[]): boolean =>
  folders.some((folder) => file.startsWith(`${folder}/`)) &&
  !keptOut.some((pattern) => [file, ...above(file)].some((one) => path.posix.matchesGlob(one, pattern)));

const above = (file: string): string[] => {
  const folder = path.posix.dirname(file);
  return folder === '.' ? [] : [folder, ...above(folder)];
};

/** The file that an import of ours means; undefined where it is a package or a part of Node. */
function targetOf(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(from), specifier);
  const [, lib, rest = ''] = /^@doorbuster\/([^/]+)(\/.+)?$/.exec(specifier) ?? [];
  if (lib === undefined) return undefined;
  const { exports } = JSON.parse(read(`libs/${lib}/package.json`));
  return path.posix.join('libs', lib, exports[`.${rest}`]);
}

/** These files and all that is loaded with them, however far; types leave nothing to load. */
function loadedBy(entries: readonly string[]): string[] {
  const loaded = new Set<string>(entries);
  for (const file of loaded) {
    if (!/\.tsx?$/.test(file)) continue;
    const { text } = readSource(file);
    const started = [...text.matchAll(/new URL\('(\.[^']+\.ts)', import\.meta\.url\)/g)].map(
      ([, one = '']) => one,
    );
    for (const specifier of [...importsOf({ text: text.replace(/^import type [^;]*;/gm, '') }), ...started]) {
      const target = targetOf(specifier, file);
      if (target !== undefined) loaded.add(target);
    }
  }
  return [...loaded];
}

describe('When an image is built, then it holds every file that is loaded in it', () => {
  test.each([
    [
      'service',
      [
        ...foldersOf('services').map((name) => `services/${name}/src/main.ts`),
        'libs/service/src/telemetry.ts',
      ],
    ],
    ['black-friday', ['test/load/demo.ts']],
  ])('%s', (stage, entries) => {
    const folders = foldersIn(stage);
    const loaded = loadedBy(entries);
    expect(loaded.length).toBeGreaterThan(50);
    expect(loaded.filter((file) => !isThere(file))).toEqual([]);
    expect(loaded.filter((file) => !isIn(file, folders))).toEqual([]);
  });
});
