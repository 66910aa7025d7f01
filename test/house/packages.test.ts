import { builtinModules } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import {
  lockedPackages,
  looseVersions,
  type Manifest,
  manifests,
  missingFromLock,
  registriesIn,
} from './packages.ts';
import { filesUnder, importsOf, packageOf, readSource, type Source, typeScript } from './source.ts';

const [house, ...workspaces] = manifests();

describe('When versions are read', () => {
  test('then each is exact, and a package has one', () => {
    expect(looseVersions(manifests())).toEqual([]);
  });

  test('then a range, a tag and a second version are found', () => {
    const made = (file: string, dependencies: Record<string, string>): Manifest => ({
      file,
      name: file,
      dependencies,
    });
    expect(
      looseVersions([made('a', { x: '^1.0.0', y: 'latest', z: '1.0.0-beta.1' }), made('b', { z: '1.0.0' })]),
    ).toEqual([
      'a: x ^1.0.0 is not exact',
      'a: y latest is not exact',
      'b: z is 1.0.0 here and 1.0.0-beta.1 elsewhere',
    ]);
  });

  test('then the packages that the shop is built on are in the root', () => {
    const names = ['kafkajs', 'express', 'pg', '@opentelemetry/sdk-node', 'consul', 'jest'];
    expect(Object.keys(house?.dependencies ?? {})).toEqual(expect.arrayContaining(names));
  });
});

describe('When a package is imported', () => {
  const declared = (file: Source): Set<string> => {
    const own = workspaces.filter((one) => file.path.startsWith(one.file.replace('package.json', '')));
    // Jest brings its globals along as a package of its own, and says that it does.
    return new Set([
      '@jest/globals',
      ...[house, ...own].flatMap((one) => Object.keys(one?.dependencies ?? {})),
    ]);
  };
  const undeclared = (file: Source): string[] =>
    importsOf(file).flatMap((specifier) => {
      const name = packageOf(specifier);
      if (name === undefined || name.startsWith('@doorbuster/') || builtinModules.includes(name)) return [];
      return declared(file).has(name) ? [] : [`${file.path} imports ${name}`];
    });
  // It holds made-up imports.
  const real = typeScript().filter(({ path }) => path !== 'test/house/arrows.test.ts');

  test('then it is declared, in the root or in its own workspace', () => {
    expect(real.flatMap(undeclared)).toEqual([]);
  });

  test('then one that only came along with another is found', () => {
    const path = 'services/order/src/a.ts';
    expect(undeclared({ path, text: "import 'body-parser/lib/read';" })).toEqual([
      `${path} imports body-parser`,
    ]);
    expect(undeclared({ path, text: "import url from 'mvn-artifact-url';" })).toHaveLength(1);
  });
});

describe('When the lock file is read', () => {
  test('then no package is bound to an address', () => {
    const bound = Object.entries(lockedPackages()).filter(([, { resolved }]) =>
      /^\w+:\/\//.test(resolved ?? ''),
    );
    expect(bound).toEqual([]);
  });

  test('then nothing is missing for which `npm ci` would refuse it', () => {
    expect(missingFromLock(lockedPackages())).toEqual([]);
  });

  test('then what is missing is found, on whichever level it was to be', () => {
    const packages = {
      '': { dependencies: { a: '1.0.0' } },
      'node_modules/a': { dependencies: { b: '1.0.0', c: '1.0.0' }, optionalDependencies: { d: '1.0.0' } },
      'node_modules/a/node_modules/b': { dependencies: { c: '1.0.0' } },
      'node_modules/c': {},
    };
    expect(missingFromLock(packages)).toEqual(['d, of node_modules/a']);
  });
});

describe('When files are searched for registries', () => {
  test('then none is named', () => {
    const named = filesUnder().flatMap((file) =>
      registriesIn(readSource(file).text).map((host) => `${file}: ${host}`),
    );
    expect(named).toEqual([]);
  });

  test('then one that is named is found', () => {
    expect(registriesIn(`https://${['registry', 'npmjs', 'org'].join('.')}/pg`)).toHaveLength(1);
  });
});
