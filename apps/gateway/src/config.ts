import { internalTokenVariables, serverVariables } from '@haat/platform';
import type { JWK } from 'jose';
import { z } from 'zod';

const subgraphUrl = (name: string) =>
  z
    .url({ protocol: /^https?$/, error: 'expected http://host:port' })
    .describe(`Address of the ${name} subgraph, http://host:port.`);

/** Hosts that only programs of the same machine reach. */
const loopback = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

/** Whether a host name (of an address, or of a request's Host header, without port) is this machine itself. */
export function isLoopback(host: string): boolean {
  return loopback.has(host.toLowerCase());
}

/** Environment of the gateway. */
export const configSchema = z
  .object({
    ...serverVariables,
    ...internalTokenVariables,
    PLATFORM_URL: subgraphUrl('platform'),
    PACKAGING_URL: subgraphUrl('packaging'),
    SUBGRAPH_TIMEOUT_MS: z.coerce
      .number()
      .int()
      .min(100)
      .max(600_000)
      .default(30_000)
      .describe('How long one subgraph may take for one request; then its part of the answer is SERVICE_UNAVAILABLE.'),
    JWT_ISSUER: z.string().min(1).describe('Issuer (`iss`) of the tokens that are accepted.'),
    JWT_AUDIENCE: z.string().min(1).default('haat').describe('Audience (`aud`) that a token must name.'),
    JWT_JWKS_URL: z
      .url({ protocol: /^https?$/, error: 'expected https://host/path' })
      .optional()
      .describe('Where the issuer publishes its keys. Either this or JWT_PUBLIC_JWK.'),
    JWT_PUBLIC_JWK: z
      .string()
      .refine(isPublicJwk, { error: 'expected a public key as JSON Web Key with "kty" and "alg", without "d" and "k"' })
      .optional()
      .describe('The one public key of the issuer, a JSON Web Key. Either this or JWT_JWKS_URL.'),
    CREDENTIALS_BELIEVED_SECONDS: z.coerce
      .number()
      .min(0.1)
      .max(60)
      .default(5)
      .describe('How long an answer about a token or key is believed: a revoked key is dead within this time.'),
    RATE_LIMIT_PER_MINUTE: z.coerce
      .number()
      .int()
      .min(1)
      .max(100_000_000)
      .default(6_000)
      .describe('Requests a minute of one subject or key at one gateway process; more are RATE_LIMITED.'),
    GRAPHIQL: z
      .enum(['on', 'off'])
      .default('on')
      .describe('Whether the gateway serves GraphiQL (all of it, no CDN) at /graphiql.'),
    GRAPHIQL_TOKEN: z.string().optional().meta({
      description: 'Token that GraphiQL opens with; only where NODE_ENV is development and HOST is loopback.',
      secret: true,
    }),
  })
  .refine(({ JWT_JWKS_URL: url, JWT_PUBLIC_JWK: jwk }) => (url === undefined) !== (jwk === undefined), {
    path: ['JWT_JWKS_URL'],
    error: 'expected exactly one of JWT_JWKS_URL and JWT_PUBLIC_JWK',
  })
  .refine(
    ({ GRAPHIQL_TOKEN: token, NODE_ENV, HOST }) =>
      token === undefined || (NODE_ENV === 'development' && isLoopback(HOST)),
    { path: ['GRAPHIQL_TOKEN'], error: 'whoever sees the page would have the token: not outside of development' },
  );

export type GatewayConfig = z.output<typeof configSchema>;

/** Subgraphs by their name in the supergraph, with the address of each GraphQL endpoint. */
export function subgraphsOf(config: GatewayConfig): Readonly<Record<string, string>> {
  return { platform: `${trimmed(config.PLATFORM_URL)}/graphql`, packaging: `${trimmed(config.PACKAGING_URL)}/graphql` };
}

/** Where the keys of tokens are, or the one that there is. */
export function jwtKeysOf({ JWT_JWKS_URL: url, JWT_PUBLIC_JWK: jwk }: GatewayConfig): URL | JWK {
  return url === undefined ? (JSON.parse(jwk ?? '{}') as JWK) : new URL(url);
}

function isPublicJwk(text: string): boolean {
  try {
    const { kty, alg, ...rest } = JSON.parse(text) as JWK;
    return kty !== undefined && kty !== 'oct' && alg !== undefined && rest.d === undefined;
  } catch {
    return false;
  }
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}
