import { foldersOf, readSource } from './source.ts';

type Versions = Record<string, string>;

export interface Manifest {
  file: string;
  name: string;
  dependencies: Versions;
}

export interface LockEntry {
  resolved?: string;
  link?: boolean;
  dependencies?: Versions;
  optionalDependencies?: Versions;
}

interface Json {
  name: string;
  dependencies?: Versions;
  devDependencies?: Versions;
  optionalDependencies?: Versions;
}

/** The root's package.json and that of every workspace. */
export function manifests(): Manifest[] {
  const workspaces = ['libs', 'services'].flatMap((folder) =>
    foldersOf(folder).map((name) => `${folder}/${name}/`),
  );
  return ['', ...workspaces].map((folder) => {
    const file = `${folder}package.json`;
    const json: Json = JSON.parse(readSource(file).text);
    const { name, dependencies, devDependencies, optionalDependencies } = json;
    return { file, name, dependencies: { ...dependencies, ...devDependencies, ...optionalDependencies } };
  });
}

export const lockedPackages = (): Record<string, LockEntry> =>
  JSON.parse(readSource('package-lock.json').text).packages;

/** Every version is one version, and every package has one. */
export function looseVersions(all: readonly Manifest[]): string[] {
  const seen = new Map<string, string>();
  return all.flatMap(({ file, dependencies }) =>
    Object.entries(dependencies).flatMap(([name, version]) => {
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) return [`${file}: ${name} ${version} is not exact`];
      const other = seen.get(name) ?? version;
      seen.set(name, other);
      return other === version ? [] : [`${file}: ${name} is ${version} here and ${other} elsewhere`];
    }),
  );
}

/** `npm ci` refuses a lock file that leaves out anything that a package in it names, however optional. */
export function missingFromLock(packages: Record<string, LockEntry>): string[] {
  return Object.entries(packages).flatMap(([place, { link, dependencies, optionalDependencies }]) =>
    link === true
      ? []
      : Object.keys({ ...dependencies, ...optionalDependencies })
          .filter((name) => !isLocked(packages, place, name))
          .map((name) => `${name}, of ${place}`),
  );
}

/** Node looks for a package beside the one that wants it, then a folder further out, up to the root. */
function isLocked(packages: Record<string, LockEntry>, place: string, name: string): boolean {
  for (let from = place; ; ) {
    const candidate = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
    if (Object.hasOwn(packages, candidate)) return true;
    if (from === '') return false;
    const outer = from.lastIndexOf('/node_modules/');
    from = outer === -1 ? '' : from.slice(0, outer);
  }
}

/** Where packages come from is each machine's own business. The names are put together here, so that they are nowhere. */
const registries = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['npm', 'pkg', 'github', 'com'],
  ['repo1', 'maven', 'org'],
  ['repo', 'maven', 'apache', 'org'],
  ['pypi', 'org'],
  ['files', 'pythonhosted', 'org'],
  ['proxy', 'golang', 'org'],
  ['sum', 'golang', 'org'],
  ['registry', 'hub', 'docker', 'com'],
].map((parts) => parts.join('.'));

export const registriesIn = (text: string): string[] => registries.filter((host) => text.includes(host));
