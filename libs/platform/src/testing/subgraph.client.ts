import type { Actor } from '@haat/kit';
import { InternalTokenSigner } from '../auth/internal.token.ts';
import { graphqlPath } from '../graphql/subgraph.module.ts';

/** The secret of gateways and subgraphs that tests start. */
export const internalTokenSecret = 'a secret of tests, of 32 bytes or more';

/** May all. */
export const administrator: Actor = { subject: 'user:test', role: 'admin', scopes: ['*'], origin: 'test' };

export interface SubgraphAnswer {
  readonly status: number;
  readonly text: string;
  readonly data: Record<string, unknown>;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Record<string, unknown>;
  }[];
}

/** Headers with which the gateway would ask the subgraph `audience` for `actor`. */
export async function gatewayHeaders(audience: string, actor: Actor = administrator): Promise<Record<string, string>> {
  const token = await new InternalTokenSigner(internalTokenSecret).sign(actor, audience);
  return { 'content-type': 'application/json', authorization: `Bearer ${token}` };
}

/** Asks a running subgraph as the gateway would for `actor`. */
export async function askSubgraph(
  { url, name }: { readonly url: string; readonly name: string },
  query: string,
  variables: object = {},
  actor: Actor = administrator,
): Promise<SubgraphAnswer> {
  const answer = await fetch(`${url}${graphqlPath}`, {
    method: 'POST',
    headers: await gatewayHeaders(name, actor),
    body: JSON.stringify({ query, variables }),
  });
  const text = await answer.text();
  return { status: answer.status, text, ...(JSON.parse(text) as Pick<SubgraphAnswer, 'data' | 'errors'>) };
}
