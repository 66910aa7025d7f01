import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { root } from '../house/source.ts';
import { Accepted, findingsIn, readAccepted, staleAmong, unexplainedAmong } from './advisories.ts';
import { notAllowed } from './licences.ts';
import { type LockedPackage, lockedPackages, shippedPackages } from './lock.ts';

const locked = lockedPackages();
const shipped = shippedPackages(locked);
const made = (name: string, version: string, more: Partial<LockedPackage> = {}): LockedPackage => ({
  place: `node_modules/${name}`,
  name,
  version,
  licence: 'MIT',
  dev: false,
  ...more,
});

describe('When licences of what is shipped are read', () => {
  test('then each is one of those that are allowed', () => {
    expect(notAllowed(shipped)).toEqual([]);
    expect(shipped.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['pg', 'kafkajs', 'express', 'preact', 'uplot']),
    );
    expect(shipped.map(({ name }) => name)).not.toContain('jest');
  });

  test('then another one, and none at all, is found', () => {
    const text = JSON.stringify({
      packages: {
        '': {},
        'services/order': { version: '0.1.0' },
        'node_modules/@doorbuster/order': { link: true },
        'node_modules/a': { version: '1.0.0', license: 'GPL-3.0' },
        'node_modules/a/node_modules/b': { version: '2.0.0' },
        'node_modules/c': { version: '1.0.0', license: 'GPL-3.0', dev: true },
      },
    });
    expect(notAllowed(shippedPackages(lockedPackages(text)))).toEqual([
      'a 1.0.0 is under GPL-3.0',
      'b 2.0.0 is under none',
    ]);
  });

  test('then what is installed says the same as the lock file', () => {
    const Manifest = z.object({ version: z.string(), license: z.string().optional() });
    const installed = shipped.flatMap(({ place, name }) => {
      const file = path.join(root, place, 'package.json');
      if (!existsSync(file)) return [];
      const { version, license = 'none' } = Manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
      return [{ name, version, licence: license }];
    });
    expect(installed.length).toBeGreaterThan(100);
    const expected = shipped.filter(({ place }) => existsSync(path.join(root, place, 'package.json')));
    expect(installed).toEqual(expected.map(({ name, version, licence }) => ({ name, version, licence })));
  });
});

describe('When findings are explained', () => {
  test('then each explanation is whole, and of a version that is locked', () => {
    expect(staleAmong(readAccepted(), locked)).toEqual([]);
  });

  const explained: Accepted = {
    advisory: 'GHSA-aaaa-bbbb-cccc',
    package: 'a',
    versions: ['1.0.0'],
    severity: 'high',
    why: 'It breaks on a pattern of the caller, and every pattern here is one of ours.',
  };

  test('then one without a reason is refused', () => {
    expect(Accepted.safeParse(explained).success).toBe(true);
    expect(Accepted.safeParse({ ...explained, why: 'not used' }).success).toBe(false);
  });

  test('then one of a version that was left is found', () => {
    expect(staleAmong([explained], [made('a', '1.0.0')])).toEqual([]);
    expect(staleAmong([explained], [made('a', '1.0.1')])).toEqual([
      'GHSA-aaaa-bbbb-cccc is explained for a 1.0.0, which is not locked',
    ]);
  });

  const report = {
    vulnerabilities: {
      a: {
        via: [
          {
            name: 'a',
            title: 'Denial of service',
            url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
            severity: 'high',
          },
        ],
        nodes: ['node_modules/a', 'node_modules/b/node_modules/a'],
      },
      b: { via: ['a'], nodes: ['node_modules/b'] },
    },
  };
  const both = [made('a', '1.0.0'), made('a', '0.9.0', { place: 'node_modules/b/node_modules/a' })];

  test('then what npm reports beyond them is told, each version by itself', () => {
    const findings = findingsIn(report, both);
    expect(unexplainedAmong(findings, [explained])).toEqual([
      'a 0.9.0: Denial of service (high, GHSA-aaaa-bbbb-cccc)',
    ]);
    expect(unexplainedAmong(findings, [])).toHaveLength(2);
  });

  test('then an error of the registry is no report without findings', () => {
    expect(() => findingsIn({ message: '405 Method Not Allowed' }, both)).toThrow(z.ZodError);
  });
});

test('When the bill of materials is written, then every locked package is on it', async () => {
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom'], options);
  const Bill = z.object({
    bomFormat: z.literal('CycloneDX'),
    components: z.array(z.object({ 'bom-ref': z.string() })),
  });
  const listed = new Set(Bill.parse(JSON.parse(stdout)).components.map((one) => one['bom-ref']));
  const wanted = [...new Set(locked.map(({ name, version }) => `${name}@${version}`))];
  expect(wanted.filter((one) => !listed.has(one))).toEqual([]);
});
