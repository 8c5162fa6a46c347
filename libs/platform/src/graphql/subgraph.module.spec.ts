import { setTimeout as sleep } from 'node:timers/promises';
import { composeServices } from '@apollo/composition';
import { parse, parseValue, valueFromASTUntyped } from 'graphql';
import { z } from 'zod';
import { decodeCursor, encodeCursor, printSubgraph, type Connection, type RunningApp } from '../index.ts';
import { BookResolver, shelf, startBooks, type Book } from '../testing/book.subgraph.ts';
import { askSubgraph } from '../testing/index.ts';

describe('subgraphModule', () => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await startBooks();
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
