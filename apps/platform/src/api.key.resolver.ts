import { ApiKeyStore } from '@haat/data-access';
import { permits, type Actor, type Role } from '@haat/kit';
import {
  Access,
  actorOf,
  decodeCursor,
  edgeError,
  encodeCursor,
  pageOf,
  wholeNumber,
  type Connection,
} from '@haat/platform';
import { Args, Context, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { ApiKey, ApiKeyConnection, apiKeyOf, CreateApiKeyInput, CreatedApiKey } from './api.key.types.ts';

const keyCursor = z.tuple([z.iso.datetime(), z.string().max(16)]);
const nameForm = /^[a-z][a-z0-9-]{0,62}$/;
const scopeForm = /^(\*|[a-z][a-z0-9-]{0,62})$/;
const SCOPES_AT_MOST = 50;
const DAY_MS = 86_400_000;

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  constructor(private readonly store: ApiKeyStore) {}

  @Access('admin')
  @Query(() => ApiKeyConnection, { description: 'API keys, newest first. `first` is 100 at the most.' })
  async apiKeys(
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<Connection<ApiKey>> {
    wholeNumber('first', first, 0, 100);
    const [createdAt, id] = after ? decodeCursor(after, keyCursor) : [];
    const before = createdAt === undefined || id === undefined ? undefined : { createdAt: new Date(createdAt), id };
    const rows = await this.store.page(first + 1, before);
    return pageOf(rows.map(apiKeyOf), first, after, (key) => encodeCursor([key.createdAt.toISOString(), key.id]));
  }

  @Access('admin')
  @Mutation(() => CreatedApiKey, {
    description:
      'Makes an API key; its secret is answered once. It may not do more than who makes it. Errors: FORBIDDEN, INVALID_ARGUMENT.',
  })
  async createApiKey(
    @Args('input') { name, role, scopes, days }: CreateApiKeyInput,
    @Context() context: object,
  ): Promise<CreatedApiKey> {
    const actor = actorOf(context);
    matching('input.name', name, nameForm, 'lower case letters, digits and hyphens, 63 at the most');
    for (const scope of scopes) matching('input.scopes', scope, scopeForm, "names of domains, or '*'");
    wholeNumber('number of input.scopes', scopes.length, 0, SCOPES_AT_MOST);
    wholeNumber('input.days', days, 1, 366);
    withinOwn(actor, role, scopes);
    const expiresAt = new Date(Date.now() + days * DAY_MS);
    const { key, secret } = await this.store.create({ name, role, scopes: [...new Set(scopes)], expiresAt }, actor);
    return { key: apiKeyOf(key), secret };
  }

  @Access('admin')
  @Mutation(() => ApiKey, {
    description: 'Ends a key, within seconds and for good. Revoking it again changes nothing. Errors: UNKNOWN_KEY.',
  })
  async revokeApiKey(@Args('id', { type: () => ID }) id: string, @Context() context: object): Promise<ApiKey> {
    return apiKeyOf(await this.store.revoke(id, actorOf(context)));
  }
}

/** @throws FORBIDDEN where a key of that role and scopes could do what its maker cannot */
function withinOwn(actor: Actor, role: Role, scopes: readonly string[]): void {
  if (!permits(actor, role)) {
    throw edgeError('FORBIDDEN', `A key of the role ${role} could do more than you, who have the role ${actor.role}`, {
      role,
    });
  }
  const beyond = scopes.find((scope) => !permits(actor, 'reader', scope));
  if (beyond !== undefined) {
    throw edgeError('FORBIDDEN', `A key with the scope "${beyond}" could reach more than you, who do not have it`, {
      scope: beyond,
    });
  }
}

function matching(field: string, value: string, form: RegExp, expected: string): void {
  if (form.test(value)) return;
  throw edgeError('INVALID_ARGUMENT', `${field}: expected ${expected}, got "${value.slice(0, 80)}"`, { field });
}
