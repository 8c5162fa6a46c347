import { readFile } from 'node:fs/promises';
import { supergraphFile } from './gateway.module.ts';
import { composeCommitted, composeSupergraph } from './supergraph.composer.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

describe('supergraph', () => {
  it('is committed as the committed subgraphs compose it', async () => {
    expect(await readFile(supergraphFile, 'utf8')).toBe(await composeCommitted());
  });

  it('does not depend on the order in which subgraphs are named', () => {
    const one = `${link} type Query { a: Int }`;
    const two = `${link} type Query { b: Int }`;
    expect(composeSupergraph({ one, two })).toBe(composeSupergraph({ two, one }));
  });

  it('refuses subgraphs that contradict one another, and says where', () => {
    const one = `${link} type Query { a: Int }`;
    const two = `${link} type Query { a: Int }`;
    expect(() => composeSupergraph({ one, two })).toThrow(/Query\.a/);
  });
});
