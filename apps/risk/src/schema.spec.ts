import { readFile } from 'node:fs/promises';
import { printSchema, schemaFile } from './schema.printer.ts';

describe('schema.graphql', () => {
  it('is committed as the subgraph prints it', async () => {
    expect(await readFile(schemaFile, 'utf8')).toBe(await printSchema());
  });
});
