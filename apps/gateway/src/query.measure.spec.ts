import { readFile } from 'node:fs/promises';
import { buildSchema, getIntrospectionQuery, getOperationAST, parse, type GraphQLSchema } from 'graphql';
import { measureQuery } from './query.measure.ts';
import { supergraphFile } from './gateway.module.ts';

describe('measureQuery', () => {
  let schema: GraphQLSchema;
  beforeAll(async () => {
    schema = buildSchema(await readFile(supergraphFile, 'utf8'), { assumeValidSDL: true });
  });
  const measure = (query: string, variables: Record<string, unknown> = {}) => {
    const document = parse(query);
    return measureQuery(schema, document, getOperationAST(document, null)!, variables);
  };
  const page = (first: number | string, inner: string) =>
    `{ products(first: ${first}) { edges { node { ${inner} } } } }`;

  it('counts what a list may hold, by its size argument', () => {
    const row = 'packaging { explanation { intercept } }';
    expect(measure(`{ product(id: "a") { ${row} } }`).cost).toBe(3);
    expect(measure(page(1, row)).cost).toBe(1 + 1 * (1 + 3));
    expect(measure(page(500, row)).cost).toBe(1 + 500 * (1 + 3));
    expect(measure(page('', row).replace('(first: )', '')).cost).toBe(1 + 20 * (1 + 3));
    expect(measure('{ packagingFrontier(points: 1000) { points { lambda } } }').cost).toBe(1 + 1000);
    expect(measure(page(3, 'packaging { damageProbabilities { probability } }')).cost).toBe(1 + 3 * (1 + 1 + 1 + 10));
  });

  it('reads sizes from variables as they came, and from their defaults', () => {
    const query = (fallback: string) => `query ($n: Int${fallback}) { products(first: $n) { edges { cursor } } }`;
    expect(measure(query(''), { n: 7 }).cost).toBe(1 + 7);
    expect(measure(query(' = 9')).cost).toBe(1 + 9);
    expect(measure(query(''), { n: 'many' }).cost).toBe(1 + 10);
    expect(measure(query(''), { n: 1e300 }).cost).toBe(1e300);
  });

  it('is the same for a query and for the same query by fragments', () => {
    const plain = measure(
      '{ a: product(id: "a") { x: id packaging { asOf model { version } } } products(first: 4) { edges { cursor node { id } } } }',
    );
    const spread = measure(`
      query { ...Root } fragment Root on Query { a: product(id: "a") { ...P } ... on Query { products(first: 4) { ...C } } }
      fragment P on Product { ... { x: id packaging { ...K } } } fragment K on Packaging { asOf model { version } }
      fragment C on ProductConnection { edges { ...E } } fragment E on ProductEdge { cursor node { id } }`);
    expect(spread).toEqual(plain);
    expect(plain).toEqual({ depth: 4, aliases: 2, rootFields: 2, cost: 3 + (1 + 4 * 2) });
  });

  it('counts a fragment as often as it is spread, in a time linear in the text', () => {
    const doubling = Array.from({ length: 60 }, (_, k) => `fragment F${k} on Product { ...F${k + 1} ...F${k + 1} }`);
    const { aliases, depth } = measure(
      `{ product(id: "a") { ...F0 } } ${doubling.join(' ')} fragment F60 on Product { x: id }`,
    );
    expect(aliases).toBe(2 ** 60);
    expect(depth).toBe(2);
  });

  it('counts literals that lie in one another as depth', () => {
    expect(measure('mutation { trainModel(input: { model: "a", options: { a: [[1], 2] } }) { id } }').depth).toBe(5);
  });

  it("lets GraphiQL's introspection pass by the defaults", () => {
    const { depth, cost } = measure(getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }));
    expect(depth).toBeLessThanOrEqual(16);
    expect(cost).toBeLessThanOrEqual(25_000);
    expect(cost).toBeGreaterThan(10_000);
  });
});
