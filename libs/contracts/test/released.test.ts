import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { breakingChanges, currentRelease, type Release } from '../src/documents.ts';

const folder = new URL('../released/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const read = (file: string): Release => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

test('When releases are kept, then each bears the version of its name, and there is one', () => {
  expect(files.length).toBeGreaterThan(0);
  expect(files).toEqual(files.map((file) => `v${read(file).version}.json`));
});

describe.each(files)('When the contracts are compared with %s', (file) => {
  test('then nobody who runs that version is broken', () => {
    expect(breakingChanges(read(file), currentRelease())).toEqual([]);
  });

  test('then every message and request of it has been compared', () => {
    const { messages, http } = read(file);
    const empty: Release = { ...currentRelease(), messages: {}, http: {} };
    const names = breakingChanges(read(file), empty).map((sentence) => sentence.split(' is gone: ')[0]);
    expect(names).toEqual([...Object.keys(messages), ...Object.keys(http)]);
    expect(names.length).toBeGreaterThanOrEqual(20);
  });
});
