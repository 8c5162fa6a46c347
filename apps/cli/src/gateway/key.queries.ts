import type { Role } from '@haat/kit';

import type { GatewayClient } from './gateway.client.ts';

/** An API key without its secret. Times are ISO 8601. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly scopes: readonly string[];
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}

export interface NewApiKey extends Pick<ApiKey, 'name' | 'role' | 'scopes'> {
  readonly days: number;
}

const fields = 'id name role scopes createdBy createdAt expiresAt revokedAt lastUsedAt';

/** Keys, newest first. */
export async function keysOf(gateway: GatewayClient, first: number): Promise<readonly ApiKey[]> {
  const { apiKeys } = await gateway.ask<{ apiKeys: { readonly edges: readonly { readonly node: ApiKey }[] } }>(
    `query CliKeys($first: Int!) { apiKeys(first: $first) { edges { node { ${fields} } } } }`,
    { first },
  );
  return apiKeys.edges.map(({ node }) => node);
}

/** Makes a key; its secret comes this once. @throws FORBIDDEN, INVALID_ARGUMENT */
export async function createKey(
  gateway: GatewayClient,
  input: NewApiKey,
): Promise<{ readonly key: ApiKey; readonly secret: string }> {
  const { createApiKey } = await gateway.ask<{ createApiKey: { readonly key: ApiKey; readonly secret: string } }>(
    `mutation CliCreateKey($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret key { ${fields} } } }`,
    { input },
  );
  return createApiKey;
}

/** @throws UNKNOWN_KEY */
export async function revokeKey(gateway: GatewayClient, id: string): Promise<ApiKey> {
  const { revokeApiKey } = await gateway.ask<{ revokeApiKey: ApiKey }>(
    `mutation CliRevokeKey($id: ID!) { revokeApiKey(id: $id) { ${fields} } }`,
    { id },
  );
  return revokeApiKey;
}
