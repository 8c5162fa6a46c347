import { connectDatabase, type Database } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import { columnName, domainName } from './names.ts';

describe('names, beside what PostgreSQL says', () => {
  let scratch: ScratchDatabase;
  let database: Database;
  beforeAll(async () => {
    scratch = await startScratchDatabase();
    database = await connectDatabase({ url: scratch.url });
  });
  afterAll(async () => {
    await database?.close();
    await scratch?.stop();
  });

  const wordsOf = async (query: string) =>
    (await database.pool.query<{ word: string }>(query)).rows.map(({ word }) => word);

  const passing = (words: readonly string[], name: (word: string) => unknown) =>
    words.filter((word) => {
      try {
        return name(word) !== undefined;
      } catch {
        return false;
      }
    });

  it('no word that it keeps to itself becomes a column or a schema', async () => {
    const kept = await wordsOf("select word from pg_get_keywords() where catcode in ('R', 'T')");
    expect(kept).toEqual(expect.arrayContaining(['select', 'left', 'current_catalog']));
    expect(passing(kept, (word) => columnName('Fact', word))).toEqual([]);
    expect(passing(kept, domainName)).toEqual([]);
  });

  it('no schema or role that is there becomes a domain', async () => {
    const schemas = await wordsOf('select nspname::text as word from pg_namespace');
    expect(
      passing(
        schemas.filter((schema) => schema !== 'platform'),
        domainName,
      ),
    ).toEqual([]);
    const roles = await wordsOf("select substr(rolname, 6) as word from pg_roles where rolname like 'haat\\_%'");
    const domains = new Set(['platform', 'packaging']);
    expect(
      passing(
        roles.filter((role) => !domains.has(role)),
        domainName,
      ),
    ).toEqual([]);
    expect(roles).toContain('owner');
  });
});
