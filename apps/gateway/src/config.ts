import { serverVariables } from '@haat/platform';
import { z } from 'zod';

const subgraphUrl = (name: string) =>
  z
    .url({ protocol: /^https?$/, error: 'expected http://host:port' })
    .describe(`Address of the ${name} subgraph, http://host:port.`);

/** Environment of the gateway. */
export const configSchema = z.object({
  ...serverVariables,
  PLATFORM_URL: subgraphUrl('platform'),
  PACKAGING_URL: subgraphUrl('packaging'),
  SUBGRAPH_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(30_000)
    .describe('How long one subgraph may take for one request; then its part of the answer is SERVICE_UNAVAILABLE.'),
  GRAPHIQL: z
    .enum(['on', 'off'])
    .default('on')
    .describe('Whether the gateway serves GraphiQL (all of it, no CDN) at /graphiql.'),
});

export type GatewayConfig = z.output<typeof configSchema>;

/** Subgraphs by their name in the supergraph, with the address of each GraphQL endpoint. */
export function subgraphsOf(config: GatewayConfig): Readonly<Record<string, string>> {
  return { platform: `${trimmed(config.PLATFORM_URL)}/graphql`, packaging: `${trimmed(config.PACKAGING_URL)}/graphql` };
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}
