import type { DescribedDatabase } from './page.ts';

/** The indexes that no statement needs of those that `visit.ts` has run; each costs something with every write. */
export const unneeded = ({ relations }: DescribedDatabase): string[] =>
  relations.flatMap(({ needs }) => Object.keys(needs).filter((index) => needs[index]?.length === 0));

/** What nobody has said the purpose of, by `comment on` in its migration. */
export function undocumented({ relations, routines }: DescribedDatabase): string[] {
  return [
    ...relations.filter(({ purpose }) => purpose === null).map(({ name }) => name),
    ...relations.flatMap(({ name: table, columns }) =>
      columns.filter(({ meaning }) => meaning === null).map(({ name }) => `${table}.${name}`),
    ),
    ...routines.filter(({ purpose }) => purpose === null).map(({ signature }) => signature),
  ];
}
