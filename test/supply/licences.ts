import { type LockedPackage, shippedPackages } from './lock.ts';

/** Licences that ask for no more than their own text and a name; whatever asks for more is a decision, and not taken. */
export const allowedLicences: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
];

/** The packages whose licence is none of those; a sentence each. */
export const notAllowed = (packages: readonly LockedPackage[]): string[] =>
  packages
    .filter(({ licence }) => !allowedLicences.includes(licence))
    .map(({ name, version, licence }) => `${name} ${version} is under ${licence}`);

/** Every package that is shipped, under its licence. */
export function licenceTable(packages: readonly LockedPackage[] = shippedPackages()): string {
  const byLicence = Map.groupBy(packages, ({ licence }) => licence);
  const rows = [...byLicence].sort().map(([licence, found]) => {
    const names = [...new Set(found.map(({ name }) => name))].sort();
    return `| ${licence} | ${names.length} | ${names.join(', ')} |`;
  });
  return ['| licence | packages | which |', '|---|---|---|', ...rows].join('\n');
}
