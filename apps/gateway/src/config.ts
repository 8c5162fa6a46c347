import { domains, subgraphUrlVariable, type Domain } from '@haat/kit';
import { internalTokenVariables, serverVariables } from '@haat/platform';
import type { JWK } from 'jose';
import { z } from 'zod';
import type { QueryLimits } from './query.limits.ts';

const subgraphUrl = (name: string) =>
  z
    .url({ protocol: /^https?$/, error: 'expected http://host:port' })
    .describe(`Address of the ${name} subgraph, http://host:port.`);

/** The subgraphs: what all domains share, and each domain. Their names are those in the supergraph and of their apps. */
export const subgraphs = ['platform', ...domains] as const satisfies readonly ('platform' | Domain)[];
type Subgraph = (typeof subgraphs)[number];

const subgraphVariables = Object.fromEntries(
  subgraphs.map((name) => [subgraphUrlVariable(name), subgraphUrl(name)]),
) as Record<ReturnType<typeof subgraphUrlVariable<Subgraph>>, ReturnType<typeof subgraphUrl>>;

/** Hosts that only programs of the same machine reach. */
const loopback = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

/** Whether a host name (of an address, or of a request's Host header, without port) is this machine itself. */
export function isLoopback(host: string): boolean {
  return loopback.has(host.toLowerCase());
}

const limit = (most: number, usual: number, description: string) =>
  z.coerce.number().int().min(1).max(most).default(usual).describe(description);

/** Environment of the gateway. Each limit is checked before any subgraph is asked; docs/errors.md has the code of each. */
export const configSchema = z
  .object({
    ...serverVariables,
    ...internalTokenVariables,
    ...subgraphVariables,
    SUBGRAPH_TIMEOUT_MS: z.coerce
      .number()
      .int()
      .min(100)
      .max(600_000)
      .default(30_000)
      .describe('How long one subgraph may take for one request; then its part of the answer is SERVICE_UNAVAILABLE.'),
    REQUEST_TIMEOUT_MS: z.coerce
      .number()
      .int()
      .min(100)
      .max(600_000)
      .default(60_000)
      .describe('How long a whole request may take; then it is cancelled and answered with 504 REQUEST_TIMED_OUT.'),
    QUERY_LENGTH_LIMIT: limit(
      1_048_576,
      32_768,
      'Characters that the text of a query may have; more is QUERY_TOO_LONG.',
    ),
    TOKEN_LIMIT: limit(100_000, 2_000, 'Tokens that a query may have; more is TOO_MANY_TOKENS.'),
    DEPTH_LIMIT: limit(
      32,
      16,
      'How deep fields, or values given to them, may lie in one another; deeper is QUERY_TOO_DEEP or VARIABLES_TOO_DEEP. Introspection by GraphiQL has 15; the planner takes no more than about 40.',
    ),
    ALIAS_LIMIT: limit(10_000, 30, 'Aliases that an operation may have; more is TOO_MANY_ALIASES.'),
    ROOT_FIELD_LIMIT: limit(1_000, 20, 'Fields that an operation may ask at its root; more is TOO_MANY_ROOT_FIELDS.'),
    COST_LIMIT: limit(
      10_000_000,
      25_000,
      'Objects that an operation may answer, counted by `first` and `points`, and 10 for a list that nothing bounds; more is QUERY_TOO_COSTLY.',
    ),
    BATCH_LIMIT: limit(100, 10, 'Operations that one request (an array) may hold; more is BATCH_TOO_LARGE.'),
    SUBSCRIPTION_LIMIT: limit(
      100_000,
      200,
      'Subscriptions that this gateway follows at once; one more is TOO_MANY_SUBSCRIPTIONS.',
    ),
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
      .describe(
        'How long an answer about a token or key is believed: a revoked key is dead within this time, and a subscription that it has open within twice that.',
      ),
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
      description: 'Token that GraphiQL opens with; only where HAAT_ENV is development and HOST is loopback.',
      secret: true,
    }),
  })
  .refine(({ JWT_JWKS_URL: url, JWT_PUBLIC_JWK: jwk }) => (url === undefined) !== (jwk === undefined), {
    path: ['JWT_JWKS_URL'],
    error: 'expected exactly one of JWT_JWKS_URL and JWT_PUBLIC_JWK',
  })
  .refine(
    ({ GRAPHIQL_TOKEN: token, HAAT_ENV, HOST }) =>
      token === undefined || (HAAT_ENV === 'development' && isLoopback(HOST)),
    { path: ['GRAPHIQL_TOKEN'], error: 'whoever sees the page would have the token: not outside of development' },
  );

export type GatewayConfig = z.output<typeof configSchema>;

/** The limits of one request, as they are configured. */
export function limitsOf(config: GatewayConfig): QueryLimits {
  return {
    batch: config.BATCH_LIMIT,
    length: config.QUERY_LENGTH_LIMIT,
    tokens: config.TOKEN_LIMIT,
    depth: config.DEPTH_LIMIT,
    aliases: config.ALIAS_LIMIT,
    rootFields: config.ROOT_FIELD_LIMIT,
    cost: config.COST_LIMIT,
  };
}

/** Subgraphs by their name in the supergraph, with the address of each. */
export function subgraphsOf(config: GatewayConfig): Readonly<Record<string, string>> {
  return Object.fromEntries(subgraphs.map((name) => [name, trimmed(config[subgraphUrlVariable(name)])]));
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
