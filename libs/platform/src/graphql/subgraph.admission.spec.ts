import { Module } from '@nestjs/common';
import { Directive, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { createLogger, printSubgraph, serverVariables, startApp, subgraphModule, type RunningApp } from '../index.ts';
import { BookResolver, shelf, startBooks } from '../testing/book.subgraph.ts';
import {
  accessCases,
  actorsOf,
  administrator,
  answeredVerdicts,
  askSubgraph,
  askSubgraphItself,
  followSubgraph,
  gatewayHeaders,
  internalTokenSecret,
  promisedVerdicts,
} from '../testing/index.ts';

describe('a subgraph that is asked by somebody else', () => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await startBooks();
  });
  afterAll(() => running.close());
  beforeEach(() => (shelf.reads = []));

  it.each([
    ['nobody', {}],
    ['a client with a token of its own', { authorization: 'Bearer eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhc2hhIn0.c2ln' }],
    ['a client with an API key', { authorization: `Bearer haat_0123456789abcdef_${'s'.repeat(43)}` }],
    ['a client that names an actor', { 'x-haat-actor': '{"role":"admin","scopes":["*"]}' }],
  ])('answers %s 401 and reads nothing, whatever the question', async (_who, headers) => {
    for (const query of ['{ book(id: "b1") { title } }', '{ _service { sdl } }', '{ __schema { types { name } } }']) {
      const answer = await fetch(`${running.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
        body: JSON.stringify({ query }),
      });
      expect([answer.status, await answer.json()]).toEqual([
        401,
        {
          errors: [
            {
              message: 'This answers the gateway only: ask the gateway',
              extensions: { code: 'UNAUTHENTICATED' },
            },
          ],
        },
      ]);
    }
    expect(shelf.reads).toEqual([]);
  });

  it('does not take the token for another subgraph', async () => {
    const { status, data } = await askSubgraph({ url: running.url, name: 'shelves' }, '{ book(id: "b1") { id } }');
    expect([status, data]).toEqual([401, undefined]);
  });

  const tokenOf = (issuer: string, audience: string, lifetime: string, secret = internalTokenSecret) =>
    new SignJWT({ role: 'admin', scopes: ['*'], origin: 'test' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('user:asha')
      .setIssuedAt()
      .setExpirationTime(lifetime)
      .sign(new TextEncoder().encode(secret));
  const strangers: readonly (readonly [string, () => Promise<Record<string, string>>])[] = [
    ['nobody', async () => ({})],
    ['who has the token for another subgraph', () => gatewayHeaders('shelves')],
    [
      'whose token has expired',
      async () => ({ authorization: `Bearer ${await tokenOf('haat-gateway', 'books', '-10s')}` }),
    ],
    [
      'whose token another signed',
      async () => ({ authorization: `Bearer ${await tokenOf('haat-gateway', 'books', '1m', 's'.repeat(32))}` }),
    ],
  ];

  it.each(strangers)(
    'over a websocket refuses %s, whatever the operation, and reads nothing',
    async (_who, headers) => {
      for (const query of [
        'subscription { bookArrivals }',
        '{ book(id: "b1") { title } }',
        '{ __schema { types { name } } }',
        '{',
      ])
        expect(await followSubgraph(running.url, await headers(), { query, most: 1 })).toEqual([
          [{ message: 'This answers the gateway only: ask the gateway', extensions: { code: 'UNAUTHENTICATED' } }],
        ]);
      expect(shelf.reads).toEqual([]);
    },
  );

  it('over a websocket answers whom the gateway names, by the policy of the field', async () => {
    const ask = async (role: 'reader' | 'operator') =>
      followSubgraph(running.url, await gatewayHeaders('books', { ...administrator, role }), {
        query: 'subscription { bookArrivals }',
        most: 1,
      });
    expect(await ask('operator')).toEqual([{ data: { bookArrivals: 'title of b1 for user:test' } }]);
    expect(await ask('reader')).toMatchObject([{ errors: [{ extensions: { code: 'FORBIDDEN' } }] }]);
  });

  it('lets in by role and scope as its printed schema says, to what is followed as to what is asked', async () => {
    const subgraph = { url: running.url, name: 'books' };
    const cases = accessCases(await printSubgraph([BookResolver]), {
      domain: 'books',
      entities: { Book: { id: 'b1' } },
    });
    expect(cases.map(({ name }) => name)).toContain('Subscription.bookArrivals');
    const actors = actorsOf('books');
    const answered = await answeredVerdicts(cases, actors, (one, actor) => askSubgraphItself(subgraph, one, actor));
    expect(answered).toEqual(promisedVerdicts(cases, actors));
    const lax = cases.map((one) => (one.kind === 'subscription' ? { ...one, role: 'reader' as const } : one));
    expect(answered).not.toEqual(promisedVerdicts(lax, actors));
  });

  it('does not start with an entity of which nobody has said who may read it', async () => {
    @ObjectType()
    @Directive('@key(fields: "id")')
    class Secret {
      @Field(() => ID)
      id!: string;
    }
    @Resolver(() => Secret)
    class SecretResolver {
      @Query(() => Secret)
      secret(): Secret {
        return { id: '1' };
      }
    }
    @Module({
      imports: [subgraphModule({ name: 'secrets', internalTokenSecret })],
      providers: [SecretResolver],
    })
    class SecretModule {}
    const start = startApp(
      { name: 'secrets', config: z.object({ ...serverVariables }), module: () => SecretModule },
      { PORT: '0' },
      createLogger('secrets', 'silent'),
    );
    await expect(start).rejects.toThrow(/Secret\.id does not say[^]*Query\.secret does not say/);
  });
});
