import { importsOf, packageOf, readSource, typeScript } from '../house/source.ts';

/** One package of the lock file, wherever it lies; what a manifest says of itself is in it. */
export interface LockedPackage {
  /** Such as node_modules/pg. */
  place: string;
  name: string;
  version: string;
  licence: string;
  /** Whether only development needs it. */
  dev: boolean;
}

interface Entry {
  /** Only where the package lies under another name than its own. */
  name?: string;
  version?: string;
  license?: string;
  dev?: boolean;
  link?: boolean;
}

/** Every package that is not ours, as `package-lock.json` has it; the text may be another one. */
export function lockedPackages(text: string = readSource('package-lock.json').text): LockedPackage[] {
  const { packages }: { packages: Record<string, Entry> } = JSON.parse(text);
  return Object.entries(packages)
    .filter(([place, { link }]) => link !== true && place.includes('node_modules/'))
    .map(([place, { name, version = '', license = 'none', dev = false }]) => ({
      place,
      name: name ?? place.replace(/^.*node_modules\//, ''),
      version,
      licence: license,
      dev,
    }));
}

/** What the page brings to browsers: it is built in, so it is shipped, though npm knows it for development only. */
const inThePage = (): Set<string> =>
  new Set(
    typeScript()
      .filter(({ path }) => path.startsWith('services/gateway/web/src/'))
      .flatMap((file) => importsOf(file).flatMap((specifier) => packageOf(specifier) ?? [])),
  );

/** The packages that run in production, in a service or in a browser. */
export function shippedPackages(all: readonly LockedPackage[] = lockedPackages()): LockedPackage[] {
  const page = inThePage();
  return all.filter(({ name, dev }) => !dev || page.has(name));
}
