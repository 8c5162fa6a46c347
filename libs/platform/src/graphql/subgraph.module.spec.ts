import { setTimeout as sleep } from 'node:timers/promises';
import { composeServices } from '@apollo/composition';
import { errorsOf } from '@haat/kit';
import { Module } from '@nestjs/common';
import {
  Args,
  Context,
  Directive,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { parse, parseValue, valueFromASTUntyped } from 'graphql';
import { SignJWT } from 'jose';
import { z } from 'zod';
import {
  Access,
  actorOf,
  connectionOf,
  createLogger,
  decodeCursor,
  encodeCursor,
  loaderPerRequest,
  pageOf,
  printSubgraph,
  serverVariables,
  startApp,
  subgraphModule,
  wholeNumber,
  type Connection,
  type RunningApp,
} from '../index.ts';
import { administrator, askSubgraph, followSubgraph, gatewayHeaders, internalTokenSecret } from '../testing/index.ts';

const listError = errorsOf({ UNKNOWN_BOOK: 'caller', SHELF_BUSY: 'retry', SHELF_BROKEN: 'fault' } as const);

class Shelf {
  reads: (readonly string[])[] = [];
  read(ids: readonly string[]): (string | Error)[] {
    this.reads.push(ids);
    return ids.map((id) =>
      id === 'b9' ? listError('UNKNOWN_BOOK', 'Book "b9" is not known', { field: 'id' }) : `title of ${id}`,
    );
  }
}

@ObjectType()
@Directive('@key(fields: "id")')
class Book {
  @Access('reader')
  @Field(() => ID)
  id!: string;
}

@InputType()
class Span {
  @Field(() => Date)
  from!: Date;
}

const BookConnection = connectionOf(Book, 'Book');

@Resolver(() => Book)
class BookResolver {
  readonly titles = loaderPerRequest((ids: readonly string[]) => Promise.resolve(this.shelf.read(ids)));
  constructor(private readonly shelf: Shelf) {}

  @ResolveReference()
  reference({ id }: { id: string }): Book {
    return { id };
  }

  @Access('reader')
  @Query(() => BookConnection)
  books(
    @Args('first', { type: () => Int }) first: number,
    @Args('after', { nullable: true, type: () => String }) after?: string | null,
  ): Connection<Book> {
    wholeNumber('first', first, 0, 3);
    const start = !after ? 0 : decodeCursor(after, z.tuple([z.int()]))[0] + 1;
    const rows = [0, 1, 2, 3, 4].slice(start, start + first + 1).map((n) => ({ n, id: `b${n}` }));
    return pageOf(rows, first, after, ({ n }) => encodeCursor([n]));
  }

  @Access('reader')
  @Query(() => Book, { nullable: true })
  book(@Args('id', { type: () => ID }) id: string): Book {
    return { id };
  }

  @Access('operator')
  @Subscription(() => String, { nullable: true, resolve: (title: string) => title })
  async *bookArrivals(@Context() context: object): AsyncIterable<string> {
    const [first] = this.shelf.read(['b1']);
    yield `${String(first)} for ${actorOf(context).subject}`;
  }

  @Access('reader')
  @Query(() => Date, { nullable: true })
  moment(
    @Args('asOf', { type: () => Date, nullable: true }) asOf?: Date | null,
    @Args('span', { type: () => Span, nullable: true }) span?: Span | null,
  ): Date | null {
    return asOf ?? span?.from ?? null;
  }

  @Access('reader')
  @ResolveField(() => String, { nullable: true })
  title(@Parent() { id }: Book, @Context() context: object): Promise<string> {
    if (id === 'busy') throw listError('SHELF_BUSY', 'The shelf is being dusted; ask again');
    if (id === 'broken') throw listError('SHELF_BROKEN', 'board 7 at 10.0.0.7:5432 fell');
    if (id === 'bug') throw new TypeError('cannot read /srv/haat/shelf.ts');
    return this.titles(context).load(id);
  }
}

const shelf = new Shelf();

@Module({
  imports: [subgraphModule({ name: 'books', internalTokenSecret })],
  providers: [BookResolver, { provide: Shelf, useValue: shelf }],
})
class BookModule {}

describe('subgraphModule', () => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await startApp(
      { name: 'books', config: z.object({ ...serverVariables }), module: () => BookModule },
      { PORT: '0' },
      createLogger('books', 'silent'),
    );
  });
  afterAll(() => running.close());
  beforeEach(() => (shelf.reads = []));

  const ask = (query: string, variables: object = {}) =>
    askSubgraph({ url: running.url, name: 'books' }, query, variables);

  it('pages through a list by cursors, each row once', async () => {
    const page =
      'query ($after: String) { books(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }';
    const seen: string[] = [];
    let after: string | null = null;
    for (let pages = 1; ; pages++) {
      const books = (await ask(page, { after })).data['books'] as Connection<Book>;
      seen.push(...books.edges.map(({ node }) => node.id));
      expect(books.pageInfo.hasPreviousPage).toBe(after !== null);
      after = books.pageInfo.endCursor;
      if (!books.pageInfo.hasNextPage) {
        expect(pages).toBe(3);
        break;
      }
    }
    expect(seen).toEqual(['b0', 'b1', 'b2', 'b3', 'b4']);
    expect((await ask('{ books(first: 0) { edges { node { id } } pageInfo { endCursor } } }')).data).toEqual({
      books: { edges: [], pageInfo: { endCursor: null } },
    });
  });

  it('reads what a list fans out to in one call, and afresh in the next request', async () => {
    await ask('{ books(first: 3) { edges { node { title } } } again: books(first: 2) { edges { node { title } } } }');
    expect(shelf.reads).toEqual([['b0', 'b1', 'b2']]);
    await ask('{ book(id: "b0") { title } }');
    expect(shelf.reads).toHaveLength(2);
  });

  it.each([
    ['{ book(id: "b9") { title } }', 'UNKNOWN_BOOK', 'Book "b9" is not known'],
    ['{ book(id: "busy") { title } }', 'SHELF_BUSY', 'The shelf is being dusted; ask again'],
    [
      '{ books(first: 4) { edges { cursor } } }',
      'INVALID_ARGUMENT',
      'first: expected a whole number from 0 to 3, got 4',
    ],
    [
      '{ books(first: 2, after: "bm9wZQ") { edges { cursor } } }',
      'INVALID_CURSOR',
      'after: expected a cursor that an earlier page gave out, got "bm9wZQ"',
    ],
    [
      '{ books(first: 2) { nothing } }',
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot query field "nothing" on type "BookConnection".',
    ],
    ['{ books(', 'GRAPHQL_PARSE_FAILED', 'Syntax Error: Expected Name, found <EOF>.'],
    [
      'query ($n: Int!) { books(first: $n) { edges { cursor } } }',
      'BAD_USER_INPUT',
      'Variable "$n" of required type "Int!" was not provided.',
    ],
  ])('%s is refused as %s', async (query, code, message) => {
    const { errors } = await ask(query);
    expect(errors).toHaveLength(1);
    expect(errors![0]).toMatchObject({ message, extensions: { code } });
  });

  it.each([
    ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00.25+05:30', '2026-01-31T04:00:00.250Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('takes %s for a moment, as a literal and as a variable', async (sent, moment) => {
    expect((await ask(`{ moment(asOf: "${sent}") }`)).data).toEqual({ moment });
    expect((await ask('query ($at: DateTime) { moment(asOf: $at) }', { at: sent })).data).toEqual({ moment });
    expect((await ask('query ($s: Span) { moment(span: $s) }', { s: { from: sent } })).data).toEqual({ moment });
  });

  it('takes null for no moment', async () => {
    expect((await ask('{ moment(asOf: null) }')).data).toEqual({ moment: null });
  });

  it.each([
    ...['20250101', '12', '1.5', 'true', 'BANANA', '{ a: 1 }', '["2026-01-01"]'],
    ...['""', '"banana"', '"2026"', '"2026-13-01T00:00:00Z"', '"2026-02-30"', '"2025-02-29T00:00:00Z"'],
    ...['"2026-01-31T25:00:00Z"', '"2026-01-31T09:30:00"', '"2026-01-31 09:30:00Z"', '"1 March 2026"'],
  ])('refuses %s for a moment, as a literal and as a variable, and names the argument', async (literal) => {
    const s = { from: valueFromASTUntyped(parseValue(literal)) as unknown };
    for (const [query, message] of [
      [`{ moment(asOf: ${literal}) }`, /^asOf: Expected value of type "DateTime", .*; expected an ISO 8601/],
      [
        `{ moment(span: { from: ${literal} }) }`,
        /^from: Expected value of type "DateTime!?", .*; expected an ISO 8601/,
      ],
      ['query ($s: Span) { moment(span: $s) }', /^Variable "\$s" got .* at "s\.from"; .*expected an ISO 8601/],
    ] as const) {
      const { errors, data } = await ask(query, { s });
      expect(data).toBeUndefined();
      expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'INVALID_ARGUMENT' } })]);
      expect(errors![0]!.message).toMatch(message);
    }
  });

  it.each<[string, string, object, RegExp]>([
    ['a literal', '{ book(id: "b\\u00001") { title } }', {}, /^The text at line 1, column 12 holds the character NUL/],
    ['a variable', 'query ($id: ID!) { book(id: $id) { title } }', { id: 'b\0' }, /^Variable "\$id" holds/],
    ['an input', 'query ($s: Span) { moment(span: $s) }', { s: { from: '2026-01-01\0' } }, /^Variable "\$s" holds/],
  ])('refuses NUL in %s before anything is read', async (_what, query, variables, message) => {
    const { errors, data } = await ask(query, variables);
    expect(data).toBeUndefined();
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'INVALID_ARGUMENT' } })]);
    expect(errors![0]!.message).toMatch(message);
    expect(shelf.reads).toEqual([]);
  });

  it('refuses NUL in a cursor, whose text is hidden', () => {
    const form = z.tuple([z.string()]);
    expect(decodeCursor(encodeCursor(['p\\u0000']), form)).toEqual(['p\\u0000']);
    expect(() => decodeCursor(encodeCursor(['p\0']), form)).toThrow(/^after: expected a cursor/);
  });

  it.each(['broken', 'bug'])('a %s shelf is INTERNAL with a reference, and nothing of its inside', async (id) => {
    const { errors, text } = await ask(`{ book(id: "${id}") { id title } }`);
    expect(errors![0]).toMatchObject({ path: ['book', 'title'], extensions: { code: 'INTERNAL' } });
    expect(errors![0]!.message).toContain(errors![0]!.extensions.reference);
    expect(text).not.toMatch(/10\.0\.0\.7|5432|srv|stack|TypeError/i);
  });

  it('times operations by kind and root field', async () => {
    await ask('query Clients_own_text { x: book(id: "b1") { id } }');
    await sleep(1);
    const metrics = await running.metrics.registry.metrics();
    expect(metrics).toMatch(/haat_request_seconds_count\{app="books",operation="query book",outcome="ok"\} [1-9]/);
    expect(metrics).not.toContain('Clients_own_text');
  });

  it('prints, without its shelf, the SDL that the running app answers, and it composes', async () => {
    const printed = await printSubgraph([BookResolver]);
    const { data } = await ask('{ _service { sdl } }');
    expect(printed.trim()).toBe((data as { _service: { sdl: string } })._service.sdl.trim());
    const other = printed
      .replaceAll('book', 'tome')
      .replaceAll(/Book(?=Edge|Connection)/g, 'Tome')
      .replaceAll('title: String', 'subtitle: String')
      .replaceAll('moment(', 'hour(');
    const composed = composeServices(
      [printed, other].map((sdl, n) => ({ name: `s${n}`, url: `http://s${n}/graphql`, typeDefs: parse(sdl) })),
    );
    expect(composed.errors).toBeUndefined();
    expect(composed.supergraphSdl).toContain('subtitle: String @join__field(graph: S1)');
  });
});

describe('a subgraph that is asked by somebody else', () => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await startApp(
      { name: 'books', config: z.object({ ...serverVariables }), module: () => BookModule },
      { PORT: '0' },
      createLogger('books', 'silent'),
    );
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
