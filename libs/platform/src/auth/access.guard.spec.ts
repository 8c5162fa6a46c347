import { buildSubgraphSchema } from '@apollo/subgraph';
import { roles, type Actor, type Role } from '@haat/kit';
import { graphql, parse, subscribe, type GraphQLSchema } from 'graphql';
import { guardSchema } from './access.guard.ts';

const head = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  directive @access(role: String!, scope: String, scopeOf: String) on FIELD_DEFINITION | OBJECT
`;
const sdl = `${head}
  type Query {
    open: String @access(role: "reader")
    things: [Thing!] @access(role: "reader")
    health: String @access(role: "reader", scope: "risk")
    model(name: ID): Model @access(role: "reader", scopeOf: "name")
    nested(input: Named): String @access(role: "operator", scopeOf: "input.deep.model")
  }
  type Mutation { change: String @access(role: "operator") }
  type Subscription { ticks: Int @access(role: "operator", scope: "risk") }
  input Named { deep: Deep }
  input Deep { model: ID }
  type Thing @key(fields: "id") @access(role: "reader", scopeOf: "id") { id: ID! plain: String secret: String @access(role: "admin", scope: "risk") }
  type Model @access(role: "reader", scopeOf: "name") { name: ID! value: Value }
  type Value { number: Int }
`;

const resolved: string[] = [];
const noted = (name: string, value: unknown) => () => {
  resolved.push(name);
  return value;
};

const thing = (id: string) => ({ __typename: 'Thing', id, plain: 'plain', secret: 'secret' });

function schemaOf(text: string): GraphQLSchema {
  const resolvers = {
    Query: {
      open: noted('open', 'open'),
      things: noted('things', [thing('risk/a'), thing('packaging/b'), thing('nameless')]),
      health: noted('health', 'health data'),
      model: (_: unknown, { name }: { name: string }) => noted('model', { name, value: { number: 1 } })(),
      nested: noted('nested', 'nested'),
    },
    Mutation: { change: noted('change', 'changed') },
    Subscription: {
      ticks: {
        subscribe: async function* () {
          resolved.push('ticks');
          yield { ticks: 1 };
        },
      },
    },
    Thing: { __resolveReference: ({ id }: { id: string }) => noted(`reference ${id}`, thing(id))() },
  };
  return buildSubgraphSchema([{ typeDefs: parse(text), resolvers }]);
}

const actor = (role: Role, ...scopes: string[]): Actor => ({ subject: 'user:asha', role, scopes, origin: 'test' });

describe('guardSchema', () => {
  const schema = guardSchema(schemaOf(sdl));
  beforeEach(() => resolved.splice(0));

  async function ask(source: string, who: Actor | null, variableValues = {}) {
    const contextValue = who === null ? {} : { actor: who };
    const { data, errors } = await graphql({ schema, source, contextValue, variableValues });
    return {
      data: JSON.parse(JSON.stringify(data ?? null)) as Record<string, unknown> | null,
      codes: errors?.map(({ path, originalError }) => [
        path?.join('.'),
        (originalError as { code?: string } | undefined)?.code,
      ]),
    };
  }

  it('resolves a root field for the role and the scope that it asks for, and for nobody else', async () => {
    for (const role of roles) {
      for (const scopes of [[], ['risk'], ['packaging'], ['*']]) {
        resolved.splice(0);
        const { data } = await ask('{ open health }', actor(role, ...scopes));
        const may = scopes.includes('risk') || scopes.includes('*');
        expect(data).toEqual({ open: 'open', health: may ? 'health data' : null });
        expect(resolved).toEqual(may ? ['open', 'health'] : ['open']);
      }
    }
    expect((await ask('mutation { change }', actor('reader', '*'))).codes).toEqual([['change', 'FORBIDDEN']]);
    expect(resolved).not.toContain('change');
    expect((await ask('mutation { change }', actor('operator'))).data).toEqual({ change: 'changed' });
  });

  it.each([
    ['packaging/damage', 'packaging', true],
    ['packaging/damage@3', 'packaging', true],
    ['packagingx/damage', 'packaging', false],
    ['risk/score', 'packaging', false],
    ['packaging', 'packaging', false],
    ['/packaging', 'packaging', false],
    ['', 'packaging', false],
    [null, 'packaging', false],
    [null, '*', true],
    ['nameless', '*', true],
  ])('takes the scope of %j from the argument: %s is let in: %s', async (name, scope, may) => {
    const { codes } = await ask('query ($name: ID) { model(name: $name) { __typename } }', actor('admin', scope), {
      name,
    });
    expect(codes).toEqual(may ? undefined : [['model', 'FORBIDDEN']]);
    expect(resolved).toEqual(may ? ['model'] : []);
  });

  it('finds a scope deep in an input, and refuses where the way to it breaks off', async () => {
    const nested = (input: object | null) =>
      ask('query ($input: Named) { nested(input: $input) }', actor('operator', 'packaging'), { input });
    expect((await nested({ deep: { model: 'packaging/damage' } })).data).toEqual({ nested: 'nested' });
    for (const input of [null, {}, { deep: null }, { deep: { model: 'risk/score' } }]) {
      expect((await nested(input)).codes).toEqual([['nested', 'FORBIDDEN']]);
    }
  });

  it('judges each object of a list by itself, and a field by its own policy before that of its type', async () => {
    const { data, codes } = await ask('{ things { plain secret } }', actor('admin', 'packaging'));
    expect(data).toEqual({
      things: [
        { plain: null, secret: null },
        { plain: 'plain', secret: null },
        { plain: null, secret: null },
      ],
    });
    expect(codes).toHaveLength(5);
    expect((await ask('{ things { secret } }', actor('admin', 'risk'))).data).toEqual({
      things: Array(3).fill({ secret: 'secret' }),
    });
  });

  it('follows the references of `_entities` that the actor may follow, and answers FORBIDDEN for the others', async () => {
    const references = ['risk/a', 'packaging/b', 'risk/c'].map((id) => ({ __typename: 'Thing', id }));
    const source =
      'query ($references: [_Any!]!) { _entities(representations: $references) { __typename ... on Thing { id secret } } }';
    const { data, codes } = await ask(source, actor('admin', 'packaging'), { references });
    expect(data).toEqual({ _entities: [null, { __typename: 'Thing', id: 'packaging/b', secret: null }, null] });
    expect(codes).toEqual(
      expect.arrayContaining([
        ['_entities.0', 'FORBIDDEN'],
        ['_entities.2', 'FORBIDDEN'],
        ['_entities.1.secret', 'FORBIDDEN'],
      ]),
    );
    expect(resolved).toEqual(['reference packaging/b']);
  });

  it('guards the beginning of a subscription', async () => {
    const begin = (who: Actor) =>
      subscribe({ schema, document: parse('subscription { ticks }'), contextValue: { actor: who } });
    expect(await begin(actor('operator', 'packaging'))).toMatchObject({
      errors: [{ originalError: { code: 'FORBIDDEN' } }],
    });
    expect(resolved).toEqual([]);
    const stream = (await begin(actor('operator', 'risk'))) as AsyncGenerator;
    expect((await stream.next()).value).toMatchObject({ data: { ticks: 1 } });
  });

  it('refuses whoever is not known at all', async () => {
    expect((await ask('{ open }', null)).codes).toEqual([['open', 'UNAUTHENTICATED']]);
    expect(resolved).toEqual([]);
  });

  it('names each field without a policy, and does not start', () => {
    const open = `${head}
      type Query { known: Int @access(role: "reader") unknown: Int }
      type Mutation { change: Int }
      type Part @key(fields: "id") { id: ID! @access(role: "reader") name: String }
      type Value { free: Int }
    `;
    const start = () => guardSchema(buildSubgraphSchema([{ typeDefs: parse(open) }]));
    expect(start).toThrow(/Query\.unknown[^]*Mutation\.change[^]*Part\.name/);
    expect(start).not.toThrow(/Query\.known|Part\.id|Value/);
  });

  it.each([
    [
      'a role that is none',
      '@access(role: "root")',
      /Query\.a: expected a role of reader, operator, admin, got "root"/,
    ],
    ['two scopes', '@access(role: "reader", scope: "risk", scopeOf: "name")', /either scope or scopeOf/],
    [
      'a place that is no argument',
      '@access(role: "reader", scopeOf: "input.model")',
      /Query\.a: its scope stands in "input\.model"/,
    ],
  ])('does not start with %s', (_what, access, message) => {
    const text = `${head} type Query { a(name: ID): Int ${access} }`;
    expect(() => guardSchema(buildSubgraphSchema([{ typeDefs: parse(text) }]))).toThrow(message);
  });
});
