import { getIntrospectionQuery } from 'graphql';
import { exampleQueries } from './graphiql.examples.ts';
import { post, startScratchGateway, type ScratchGateway } from './testing/scratch.gateway.ts';
import { signed } from './testing/token.issuer.ts';

const deep = (levels: number) =>
  `{ __schema { types { fields { type ${'{ ofType '.repeat(levels)}{ name }${' }'.repeat(levels)} } } } }`;
const repeated = (n: number, one: (k: number) => string) => Array.from({ length: n }, (_, k) => one(k)).join(' ');

describe('limits of a request', () => {
  let gateway: ScratchGateway;
  beforeAll(async () => {
    gateway = await startScratchGateway({ NODE_ENV: 'development' });
  });
  afterAll(() => gateway.stop());

  const refused = [
    ['QUERY_TOO_LONG', { limit: 32_768, came: 32_769 }, { query: `{ models { name } }`.padEnd(32_769, '#') }],
    ['TOO_MANY_TOKENS', { limit: 2_000 }, { query: `{ models { ${'name '.repeat(2_000)} } }` }],
    ['QUERY_TOO_DEEP', { limit: 16, came: 24 }, { query: deep(19) }],
    ['TOO_MANY_ALIASES', { limit: 30, came: 31 }, { query: `{ models { ${repeated(31, (k) => `a${k}: name`)} } }` }],
    [
      'TOO_MANY_ALIASES',
      { limit: 30, came: 32 },
      {
        query: `{ models { ...A ...A } } fragment A on Model { ...B ...B ...B ...B } fragment B on Model { a: name b: name c: name d: name }`,
      },
    ],
    ['TOO_MANY_ROOT_FIELDS', { limit: 20, came: 21 }, { query: `{ ${repeated(21, () => 'models { name }')} }` }],
    [
      'QUERY_TOO_COSTLY',
      { limit: 25_000 },
      {
        query:
          'query ($n: Int!) { products(first: $n) { edges { node { packaging { explanation { terms { term } steps { from } } damageProbabilities { probability } model { version } recommended { basis } } } } } a: products(first: $n) { edges { node { packaging { explanation { terms { term } steps { from } } } } } } }',
        variables: { n: 500 },
      },
    ],
    [
      'QUERY_TOO_COSTLY',
      { limit: 25_000, came: 1e300 },
      { query: 'query ($n: Int) { products(first: $n) { edges { cursor } } }', variables: { n: 1e300 } },
    ],
    [
      'VARIABLES_TOO_DEEP',
      { limit: 16 },
      {
        query: 'mutation ($input: TrainModelInput!) { trainModel(input: $input) { id } }',
        variables: {
          input: { model: 'packaging/damage', options: JSON.parse(`${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`) },
        },
      },
    ],
    [
      'TOO_MANY_ALIASES',
      { limit: 30, came: 31 },
      { query: `subscription { run: runProgress(id: "x") { ${repeated(30, (k) => `a${k}: id`)} } }` },
    ],
  ] as const;

  it.each(refused)('%s (%j) says the limit and what came, over POST', async (code, details, request) => {
    const before = gateway.asked();
    const { body } = await post(gateway.url, request);
    expect(body).toEqual({
      errors: [
        {
          message: expect.stringMatching(/\d+.* at the most, and .+ came$/),
          extensions: { code, details: expect.objectContaining(details) },
        },
      ],
    });
    expect(gateway.asked()).toBe(before);
  });

  it.each(refused)('%s (%j) holds over SSE', async (code, _details, request) => {
    const before = gateway.asked();
    const authorization = `Bearer ${await signed()}`;
    const stream = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization, accept: 'text/event-stream' },
      body: JSON.stringify(request),
    });
    expect(await stream.text()).toContain(`"code":"${code}"`);
    expect(gateway.asked()).toBe(before);
  });

  it('BATCH_TOO_LARGE refuses an array of eleven, and each operation of ten has limits of its own', async () => {
    const one = { query: '{ models { name } }' };
    const before = gateway.asked();
    expect((await post(gateway.url, Array(11).fill(one))).body.errors![0]!.extensions).toEqual({
      code: 'BATCH_TOO_LARGE',
      details: { limit: 10, came: 11 },
    });
    expect(gateway.asked()).toBe(before);
    const answers = (await post(gateway.url, [...Array(9).fill(one), { query: deep(19) }])).body as unknown as {
      errors?: { extensions: object }[];
    }[];
    expect(answers.map(({ errors }) => errors?.length ?? 0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('refuses a cycle of fragments', async () => {
    const { body } = await post(gateway.url, {
      query: '{ models { ...A } } fragment A on Model { ...B } fragment B on Model { ...A }',
    });
    expect(body.errors![0]!.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  it("lets GraphiQL's introspection and every example query pass", async () => {
    for (const query of [getIntrospectionQuery(), ...exampleQueries]) {
      const { body } = await post(gateway.url, { query });
      expect(body.errors).toBeUndefined();
      expect(body.data).not.toBeNull();
    }
  });
});

describe('a gateway outside of development', () => {
  let gateway: ScratchGateway;
  beforeAll(async () => {
    gateway = await startScratchGateway();
  });
  afterAll(() => gateway.stop());

  it.each(['{ __schema { queryType { name } } }', '{ __type(name: "Product") { name } }'])(
    'does not tell its schema: %s',
    async (query) => {
      const { body } = await post(gateway.url, { query });
      expect(body.data).toBeUndefined();
      expect(body.errors![0]!.message).toContain('introspection has been disabled');
    },
  );

  it.each([
    ['{ product(id: "a") { packagin { asOf } } }', {}],
    ['{ prodct(id: "a") { id } }', {}],
    ['{ product(idd: "a") { id } }', {}],
    ['query ($s: RunState) { runs(state: $s) { edges { cursor } } }', { s: 'runing' }],
    ['query ($f: ProductFilter) { products(filter: $f) { edges { cursor } } }', { f: { fragil: true } }],
    ['{ product(id: "a") { ... on Prodct { id } } }', {}],
  ])('suggests no names: %s', async (query, variables) => {
    const { body, text } = await post(gateway.url, { query, variables });
    expect(body.errors!.length).toBeGreaterThan(0);
    expect(text).not.toContain('Did you mean');
  });
});
