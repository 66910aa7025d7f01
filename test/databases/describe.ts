import { isDeepStrictEqual } from 'node:util';
import {
  type FreshDatabase,
  foldersOf,
  freshDatabase,
  hasPipeline,
  type Place,
  services,
} from './database.ts';
import { type DescribedDatabase, type DescribedRelation, type Need, pageOf, toPage } from './page.ts';
import { indexesNeeded } from './plans.ts';
import { recordStatements, type Statement } from './recording.ts';
import { readSchema } from './schema.ts';
import type { Databases } from './shop-in-process.ts';
import { visit } from './visit.ts';

/** The servers that it takes. */
export interface Servers {
  postgres: string;
  kafka: string[];
}

/** The databases of all services, each with what it shares with others, and the pages that describe them. */
export interface Description {
  databases: Record<Place, DescribedDatabase>;
  pages: { file: string; text: string }[];
  /** What the services ran meanwhile. */
  statements: Statement[];
}

const places: Place[] = ['pipeline', ...services];

/**
 * Describes the databases as they really are: migrated by the services' own code, and with every index traced back
 * to the statements that the services really run, since a whole shop is used once while they are written down.
 */
export async function describeDatabases(servers: Servers): Promise<Description> {
  const statements = await statementsOfVisit(servers);
  const described: [Place, DescribedDatabase][] = [];
  for (const place of places) {
    const database = await freshDatabase(servers.postgres, place);
    described.push([place, await describeDatabase(database, place, statements).finally(database.drop)]);
  }
  const databases = Object.fromEntries(described) as Description['databases'];
  const pages = places.map((place) => ({ file: pageOf(place), text: toPageOf(place, databases) }));
  return { databases, pages, statements };
}

async function statementsOfVisit({ postgres, kafka }: Servers): Promise<Statement[]> {
  const databases: Partial<Databases> = {};
  for (const service of services) databases[service] = await freshDatabase(postgres, service);
  const recording = recordStatements();
  try {
    await visit(databases as Databases, kafka);
  } finally {
    recording.stop();
    for (const database of Object.values(databases)) await database.drop();
  }
  return recording.stop();
}

/** Describes a database by its own catalogue, and by which of these statements need its indexes. */
export async function describeDatabase(
  { pool }: FreshDatabase,
  place: Place,
  statements: Statement[],
): Promise<DescribedDatabase> {
  const schema = await readSchema(pool);
  const folders = foldersOf(place);
  const own = statements.filter(({ file }) => folders.some((home) => file.startsWith(home)));
  const needs: { index: string; need: Need }[] = [];
  for (const statement of own) {
    const need = { label: labelOf(statement), file: statement.file };
    for (const index of await indexesNeeded(pool, schema, statement)) needs.push({ index, need });
  }
  const needsOf = (index: string) => needs.filter((one) => one.index === index).map(({ need }) => need);
  const relations = schema.relations.map(
    (relation): DescribedRelation => ({
      ...relation,
      needs: Object.fromEntries(relation.indexes.map(({ name }) => [name, needsOf(name)])),
    }),
  );
  return { ...schema, relations };
}

const labelOf = ({ name, text }: Statement): string =>
  name ?? `${/(insert into|update|delete from) \w+|^\s*select/.exec(text)?.[0].trim()} …`;

/** What is exactly as in every other service stands on one page for all. */
function toPageOf(place: Place, databases: Description['databases']): string {
  const { relations, routines } = databases[place];
  if (place === 'pipeline' || !hasPipeline(place)) return toPage(place, databases[place], []);
  const common = databases.pipeline;
  const isCommon = (one: object) =>
    [...common.relations, ...common.routines].some((other) => isDeepStrictEqual(one, other));
  const isOwn = (one: object) => !isCommon(one);
  const own = { relations: relations.filter(isOwn), routines: routines.filter(isOwn) };
  return toPage(place, own, relations.filter(isCommon));
}
