import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { servers } from '../support/servers.ts';

const databases = ['order', 'payment', 'inventory', 'notification', 'acquirer'];
/** Those in which nobody of the shop has anything to do; from them one could look at who else is there. */
const places = [...databases, 'postgres', 'template1'];

/** Runs a statement as somebody, in a database; gives the code of PostgreSQL's refusal, or undefined. */
async function refusal(
  url: string | undefined,
  place: string,
  text = 'select 1',
): Promise<string | undefined> {
  const connectionString = Object.assign(new URL(url ?? ''), { pathname: `/${place}` }).href;
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    await client.query(text);
    return undefined;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return error.code;
    throw error;
  } finally {
    await client.end();
  }
}

const notPermitted = '42501';
const readOnly = { from: 'select count(*) from mine', into: 'insert into mine values (2)' };

describe.each(databases)('When somebody holds the password of %s', (name) => {
  const url = () => servers().postgresForServices[name];

  test('then they get into its own database, and into no other', async () => {
    const refused = await Promise.all(places.map(async (place) => [place, await refusal(url(), place)]));
    expect(refused).toEqual(places.map((place) => [place, place === name ? undefined : notPermitted]));
  });

  test.each([
    ['a role', 'create role friend login superuser'],
    ['a database', 'create database mine'],
    ['more rights', `alter role ${pg.escapeIdentifier(name)} superuser`],
    ['the rights of the administrator', 'set role doorbuster'],
    ['the rights of who reads everything', 'set role pg_read_all_data'],
    ['a program on the server', `copy (select 1) to program 'true'`],
    ['a file of the server', `select pg_read_file('postgresql.conf')`],
    ['the passwords', 'select * from pg_authid'],
    ['the server’s settings', 'alter system set fsync = off'],
    [
      'another one’s connections',
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'doorbuster'`,
    ],
  ])('then %s is refused', async (_what, text) => {
    // Somebody of the administrator's is there to be thrown out.
    const victim = new pg.Client({ connectionString: servers().postgres['order'] ?? '' });
    await victim.connect();
    expect(await refusal(url(), name, text)).toBe(notPermitted);
    await victim.query('select 1');
    await victim.end();
  });
});

describe('When somebody holds the auditor’s password', () => {
  test('then they read every database, and write none', async () => {
    for (const name of databases) {
      const [own, url] = [servers().postgresForServices[name], servers().auditor[name]];
      expect(await refusal(own, name, 'create table mine (id int); insert into mine values (1)')).toBe(
        undefined,
      );
      try {
        expect(await refusal(url, name, readOnly.from)).toBe(undefined);
        for (const text of [
          readOnly.into,
          'delete from mine',
          'drop table mine',
          'create table theirs (id int)',
        ])
          expect([text, await refusal(url, name, text)]).toEqual([text, notPermitted]);
      } finally {
        await refusal(own, name, 'drop table mine');
      }
    }
  });
});
