import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** One file of the checkout; its path is relative to the root and has forward slashes. */
export interface Source {
  path: string;
  text: string;
}

const notOurs = new Set(['node_modules', '.git', '.runs', 'coverage', 'dist', 'dist-draft', 'dist-old']);

/** All files under a folder of the checkout, without what is fetched, made or measured. */
export function filesUnder(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (notOurs.has(entry.name)) return [];
    return entry.isDirectory() ? filesUnder(name) : [name];
  });
}

export const readSource = (file: string): Source => ({
  path: file,
  text: readFileSync(path.join(root, file), 'utf8'),
});

/** Every TypeScript file of ours. */
export const typeScript = (): Source[] =>
  ['libs', 'services', 'test']
    .flatMap(filesUnder)
    .filter((file) => /\.tsx?$/.test(file))
    .map(readSource);

/** The folders of a folder, such as the names of all services. */
export const foldersOf = (folder: string): string[] =>
  readdirSync(path.join(root, folder)).filter((name) =>
    statSync(path.join(root, folder, name)).isDirectory(),
  );

export const isThere = (file: string): boolean => existsSync(path.join(root, file));

const importing = [
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*(['"])(?<specifier>[^'"\n]+)\1/gm,
  /^\s*import\s*(['"])(?<specifier>[^'"\n]+)\1/gm,
  /\bimport\s*\(\s*(['"])(?<specifier>[^'"\n]+)\1/g,
  /\brequire\s*\(\s*(['"])(?<specifier>[^'"\n]+)\1/g,
];

/** What a file imports, exports again, or loads later. */
export function importsOf({ text }: Pick<Source, 'text'>): string[] {
  return importing.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap(({ groups }) => groups?.['specifier'] ?? []),
  );
}

/** The name of the package that a specifier is of, or undefined for a file or a part of Node. */
export function packageOf(specifier: string): string | undefined {
  if (/^(\.|\/|node:|file:)/.test(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
