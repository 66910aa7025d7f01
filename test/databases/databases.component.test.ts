import { beforeAll, describe, expect, test } from '@jest/globals';
import { plain } from '../house/docs.ts';
import { filesUnder, readSource } from '../house/source.ts';
import { servers } from '../support/servers.ts';
import { freshDatabase } from './database.ts';
import { type Description, describeDatabase, describeDatabases } from './describe.ts';
import { undocumented, unneeded } from './findings.ts';
import type { DescribedDatabase } from './page.ts';

const postgres = () => servers().postgres['order'] ?? '';
const describeLimitMs = 180_000;
let description: Description;

beforeAll(async () => {
  description = await describeDatabases({ postgres: postgres(), kafka: servers().kafka });
}, describeLimitMs);

/** What is found in any of them, and in which. */
const inEach = (find: (database: DescribedDatabase) => string[]): string[] =>
  Object.entries(description.databases).flatMap(([place, database]) =>
    find(database).map((name) => `${place}: ${name}`),
  );

describe('When the databases are described', () => {
  test('then every index is needed by a statement of ours', () => {
    expect(inEach(unneeded)).toEqual([]);
  });

  test('then every table, every column and every function says what it is for', () => {
    expect(inEach(undocumented)).toEqual([]);
  });

  test('then the pages are what `npm run docs -- --databases` would write, and there are no others', () => {
    expect(filesUnder('docs/databases').sort()).toEqual(description.pages.map(({ file }) => file).sort());
    for (const { file, text } of description.pages)
      expect([file, plain(readSource(file).text)]).toEqual([file, plain(text)]);
  });
});

test('When an index is made that nothing needs, or a column that says nothing, then it is found', async () => {
  const database = await freshDatabase(postgres(), 'payment');
  try {
    await database.pool.query('create index payments_by_state on payments (state)');
    await database.pool.query('alter table payments add column mystery text');
    const described = await describeDatabase(database, 'payment', description.statements);
    expect(unneeded(described)).toEqual(['payments_by_state']);
    expect(undocumented(described)).toEqual(['payments.mystery']);
  } finally {
    await database.drop();
  }
});
