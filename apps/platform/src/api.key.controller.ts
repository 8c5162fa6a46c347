import { ApiKeyStore } from '@haat/data-access';
import type { Actor } from '@haat/kit';
import { apiKeyPath, edgeError, InternalTokenVerifier } from '@haat/platform';
import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';

/** Injection token of what lets the gateway in to ask for keys. */
export const KEY_VERIFIER = Symbol('key verifier');

const presented = z.strictObject({ id: z.string().max(16), secretHash: z.string().length(64) });

/** Whom a key stands for: asked by the gateway, which has no database, with a token for this question alone. */
@Controller(apiKeyPath)
export class ApiKeyController {
  constructor(
    @Inject(KEY_VERIFIER) private readonly verifier: InternalTokenVerifier,
    private readonly store: ApiKeyStore,
  ) {}

  @Post()
  @HttpCode(200)
  async resolve(
    @Headers('authorization') authorization: string | undefined,
    @Body() body: unknown,
  ): Promise<{ actor: Omit<Actor, 'origin'> | null; expiresAt: string | null }> {
    await this.verifier.actor(authorization);
    const asked = presented.safeParse(body);
    if (!asked.success) throw edgeError('BAD_REQUEST', `POST ${apiKeyPath}: expected the id and digest of a key`);
    const key = await this.store.use(asked.data);
    if (key === null) return { actor: null, expiresAt: null };
    const { id, name, role, scopes, expiresAt } = key;
    return { actor: { subject: `key:${name}/${id}`, role, scopes }, expiresAt: expiresAt.toISOString() };
  }
}
