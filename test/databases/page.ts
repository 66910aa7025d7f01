import path from 'node:path';
import { filesUnder } from '../house/source.ts';
import { foldersOf, type Place } from './database.ts';
import type { Column, Relation, Routine } from './schema.ts';

/** A relation, and for each of its indexes the statements that need it. */
export interface DescribedRelation extends Relation {
  needs: Record<string, Need[]>;
}

/** A statement that needs an index. */
export interface Need {
  /** Its name; of one without a name how it begins. */
  label: string;
  file: string;
}

export interface DescribedDatabase {
  relations: DescribedRelation[];
  routines: Routine[];
}

const folder = 'docs/databases';
export const pageOf = (place: Place): string => `${folder}/${place}.md`;
const linkTo = (file: string): string => `[${path.basename(file)}](${path.relative(folder, file)})`;

/** The page of one database. What it has in common with the others is on `pipeline.md`. */
export function toPage(
  place: Place,
  { relations, routines }: DescribedDatabase,
  inherited: Relation[],
): string {
  const sections = [
    headOf(place),
    ...relations.map(toSection),
    ...(routines.length === 0 ? [] : [`## Functions\n\n${routines.map(toItem).join('\n')}`]),
    ...(inherited.length === 0 ? [] : [toInherited(inherited)]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function headOf(place: Place): string {
  const what =
    place === 'pipeline' ? 'What every service’s database has' : `What the database of ${place} holds`;
  const migrations = foldersOf(place)
    .flatMap((home) => filesUnder(`${home}migrations`))
    .map(linkTo)
    .join(', ');
  return `# ${what}

<!-- Written by \`npm run docs -- --databases\`. -->

Migrations: ${migrations}.

This is what PostgreSQL says after them. A [test](../../test/databases/databases.component.test.ts) compares the page with
a real database, and asks of every index which statement of ours needs it.`;
}

function toSection({
  name,
  kind,
  purpose,
  settings,
  columns,
  checks,
  indexes,
  needs,
}: DescribedRelation): string {
  const rows = indexes.map((index) => [
    `\`${index.name}\``,
    `\`${index.definition}\``,
    needsOf(needs[index.name] ?? []),
  ]);
  const rules = [...checks, ...settings].map((rule) => `- \`${rule}\``);
  const parts = [
    `## ${name}`,
    purpose ?? '_Nobody has said what it is for._',
    kind === 'view' ? columnsOfView(columns) : columnsOfTable(columns),
    rules.join('\n'),
    rows.length === 0 ? '' : tableOf(['index', 'on', 'needed by'], rows),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const columnsOfTable = (columns: Column[]): string =>
  tableOf(
    ['column', 'type', 'null', 'default', 'meaning'],
    columns.map(({ name, type, nullable, default: value, meaning }) => [
      `\`${name}\``,
      type,
      nullable ? 'yes' : '',
      value === null ? '' : `\`${value}\``,
      meaning ?? '',
    ]),
  );

const columnsOfView = (columns: Column[]): string =>
  tableOf(
    ['column', 'type', 'meaning'],
    columns.map(({ name, type, meaning }) => [`\`${name}\``, type, meaning ?? '']),
  );

/** The statements by their files. */
function needsOf(needs: Need[]): string {
  const byFile = [...Map.groupBy(needs, ({ file }) => file)].sort(([a], [b]) => (a < b ? -1 : 1));
  return byFile
    .map(([file, statements]) => {
      const labels = new Set(statements.map(({ label }) => `\`${label}\``).sort());
      return `${[...labels].join(', ')} in ${linkTo(file)}`;
    })
    .join('; ');
}

const toItem = ({ signature, purpose }: Routine): string =>
  `- \`${signature}\`: ${purpose ?? '_nobody said_'}`;

function toInherited(relations: Relation[]): string {
  const rows = relations.map(({ name, purpose }) => [`[${name}](pipeline.md#${name})`, purpose ?? '']);
  return `## What every service has\n\n${tableOf(['table', 'what for'], rows)}`;
}

function tableOf(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
