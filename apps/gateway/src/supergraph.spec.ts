import { readFile } from 'node:fs/promises';
import { createLogger, startApp } from '@haat/platform';
import { configSchema } from './config.ts';
import { GatewayModule, supergraphFile } from './gateway.module.ts';
import { exampleQueries } from './graphiql.examples.ts';
import { gatewayEnv, signed } from './testing/token.issuer.ts';
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

describe('example queries', () => {
  it('are valid over the committed supergraph: all that they miss is the subgraphs', async () => {
    const nowhere = 'http://127.0.0.1:1';
    const gateway = await startApp(
      { name: 'gateway', config: configSchema, module: (config) => GatewayModule.with(config) },
      { ...gatewayEnv, PLATFORM_URL: nowhere, PACKAGING_URL: nowhere },
      createLogger('gateway', 'silent'),
    );
    for (const query of exampleQueries) {
      const answer = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await signed()}` },
        body: JSON.stringify({ query }),
      });
      const { errors } = (await answer.json()) as { errors: unknown[] };
      expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'SERVICE_UNAVAILABLE' } })]);
    }
    await gateway.close();
  });
});
