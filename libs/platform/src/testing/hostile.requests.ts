/** One request of somebody who means ill, or whose program is broken. */
export interface HostileRequest {
  readonly kind: HostileKind;
  readonly method: 'GET' | 'POST';
  /** Query string with its `?`, or nothing. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

/** Uniform numbers of a seed. */
interface Chance {
  /** A whole number in [0, below). */
  below(below: number): number;
  of<T>(list: readonly T[]): T;
}

/** mulberry32 (public domain), 32 bits of state: enough to vary requests. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const below = (bound: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
  return { below, of: (list) => list[below(list.length)]! };
}

const json = { 'content-type': 'application/json' };
const fine = '{ models { name } }';
const sizes = [1, 2, 7, 40, 300, 3_000];

type Made = Partial<Omit<HostileRequest, 'kind'>>;
const asked = (query: unknown, variables?: unknown): Made => ({
  body: Buffer.from(JSON.stringify({ query, variables })),
});
const bytes = (chance: Chance, length: number) => Buffer.from(Array.from({ length }, () => chance.below(256)));
const nested = (depth: number, open: string, close: string, middle = '') =>
  open.repeat(depth) + middle + close.repeat(depth);

const kinds = {
  malformedJson: (chance) => {
    const text = JSON.stringify({ query: fine, variables: { a: [1, { b: null }] } });
    return { body: Buffer.from(text.slice(0, chance.below(text.length))) };
  },
  mangledJson: (chance) => {
    const text = Buffer.from(JSON.stringify({ query: fine, variables: {} }));
    for (let change = 0; change <= chance.below(4); change++) text[chance.below(text.length)] = chance.below(256);
    return { body: text };
  },
  randomBytes: (chance) => ({ body: bytes(chance, chance.below(2_000)) }),
  notARequest: (chance) => ({
    body: Buffer.from(
      chance.of([
        'null',
        'true',
        '17',
        '"text"',
        '[]',
        '[[]]',
        '[null]',
        '{}',
        '[1,2]',
        '{"query":null}',
        '{"query":{"a":1}}',
        '{"query":["{a}"]}',
        '{"a":1}',
        '',
      ]),
    ),
  }),
  wrongParameters: (chance) => ({
    body: Buffer.from(
      JSON.stringify({
        query: fine,
        variables: chance.of([7, 'text', [1], true, { a: 1 }]),
        operationName: chance.of([7, {}, ['a'], 'none', '']),
        extensions: chance.of([
          7,
          'text',
          {},
          { headers: { 'x-haat-token': 'me' } },
          { persistedQuery: { version: 1, sha256Hash: '0' } },
        ]),
        ...chance.of([{}, { more: 1 }, { __proto__: { admin: true } }]),
      }),
    ),
  }),
  prototypeKeys: () => ({
    body: Buffer.from(`{"query":"${fine}","variables":{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}}}}`),
  }),
  deepQuery: (chance) => asked(nested(chance.of(sizes), '{ products { edges { node ', '} } }', '{ id }')),
  deepIntrospection: (chance) =>
    asked(`{ __schema { types { fields { type ${nested(chance.of(sizes), '{ ofType ', '}', '{ name }')} } } } }`),
  deepBrackets: (chance) => asked(nested(chance.of([10, 1_000, 10_000]), chance.of(['{a', '[', '(a:', '{a(b:[']), '}')),
  deepVariables: (chance) => {
    const depth = chance.of([5, 17, 500, 20_000, 100_000]);
    const [open, close] = chance.of([
      ['[', ']'],
      ['{"a":', '}'],
    ] as const);
    const options = nested(depth, open, close, '1');
    return {
      body: Buffer.from(
        `{"query":"mutation ($i: TrainModelInput!) { trainModel(input: $i) { id } }","variables":{"i":{"model":"none/none","options":${options}}}}`,
      ),
    };
  },
  deepLiteral: (chance) =>
    asked(
      `mutation { trainModel(input: { model: "none/none", options: ${nested(chance.of(sizes), '{ a: ', '}', '1')} }) { id } }`,
    ),
  hugeString: (chance) =>
    asked(`{ product(id: "${'x'.repeat(chance.of([1_000, 30_000, 100_000, 900_000]))}") { id } }`),
  hugeVariable: (chance) =>
    asked('query ($id: ID!) { product(id: $id) { id } }', { id: 'x'.repeat(chance.of([1_000, 30_000, 900_000])) }),
  hugeBody: (chance) => asked(fine + '#'.repeat(chance.of([1_100_000, 2_000_000]))),
  wrongTypes: (chance) =>
    asked(
      'query ($id: ID!, $n: Int, $f: ProductFilter, $t: DateTime) { product(id: $id, asOf: $t) { id } products(first: $n, filter: $f) { edges { cursor } } }',
      {
        id: chance.of([null, 1.5, {}, [], true, '', 'p1']),
        n: chance.of([null, -1, 1.5, 1e400, 2 ** 40, '7', [], {}]),
        f: chance.of([null, 1, [], { fragile: 'yes' }, { nothing: 1 }]),
        t: chance.of([null, 'yesterday', 1e18, {}, '2026-01-01T00:00:00Z', '+275761-01-01T00:00:00Z']),
      },
    ),
  longNumbers: (chance) => {
    const number = `${chance.of(['', '-', '0.', '1e'])}${'9'.repeat(chance.of([20, 400, 20_000]))}`;
    return chance.below(2)
      ? asked(`{ products(first: ${number}) { edges { cursor } } }`)
      : {
          body: Buffer.from(
            `{"query":"query ($n: Int) { products(first: $n) { edges { cursor } } }","variables":{"n":${number}}}`,
          ),
        };
  },
  aliasFlood: (chance) => {
    const length = chance.of(sizes);
    return asked(`{ ${Array.from({ length }, (_, k) => `a${k}: product(id: "p") { id }`).join(' ')} }`);
  },
  fieldFlood: (chance) => asked(`{ models { ${'name '.repeat(chance.of(sizes))} } }`),
  directiveFlood: (chance) => asked(`{ models ${'@skip(if: false) '.repeat(chance.of(sizes))} { name } }`),
  unknownFlood: (chance) => asked(`{ ${Array.from({ length: chance.of(sizes) }, (_, k) => `mod${k}els`).join(' ')} }`),
  fragmentBomb: (chance) => {
    const levels = chance.of([3, 12, 60, 150]);
    const bomb = Array.from(
      { length: levels },
      (_, k) => `fragment F${k} on Model { ${`...F${k + 1} `.repeat(1 + chance.below(3))} }`,
    );
    return asked(`{ models { ...F0 } } ${bomb.join(' ')} fragment F${levels} on Model { a: name }`);
  },
  fragmentCycle: (chance) => {
    const length = 1 + chance.below(5);
    const cycle = Array.from({ length }, (_, k) => `fragment F${k} on Model { name ...F${(k + 1) % length} }`);
    return asked(`{ models { ...F0 } } ${cycle.join(' ')}`);
  },
  conflictBomb: (chance) => {
    const length = chance.of([3, 30, 300]);
    return asked(`{ models { ${Array.from({ length }, (_, k) => `x: ${k % 2 ? 'name' : 'title'}`).join(' ')} } }`);
  },
  costly: (chance) =>
    asked(
      'query ($n: Int!) { products(first: $n) { edges { node { packaging { explanation { terms { term } steps { from } } damageProbabilities { probability } } } } } }',
      {
        n: chance.of([0, 1, 500, 5_000, 2 ** 31 - 1, -1]),
      },
    ),
  badUtf8: (chance) => ({
    body: Buffer.concat([
      Buffer.from('{"query":"{ product(id: \\"'),
      chance.of([
        Buffer.from([0xff, 0xfe]),
        Buffer.from([0xc0, 0x80]),
        Buffer.from([0xed, 0xa0, 0x80]),
        bytes(chance, 9),
      ]),
      Buffer.from('\\") { id } }"}'),
    ]),
  }),
  nullBytes: (chance) =>
    asked(`{ product(id: "a${chance.of(['\0', '\\u0000', '\u2028', '\ud800'])}") { id } }${chance.of(['', '\0'])}`),
  batch: (chance) => ({
    body: Buffer.from(
      JSON.stringify(
        Array(chance.of([1, 2, 10, 11, 1_000, 20_000])).fill({ query: chance.of([fine, '{', '{ none }']) }),
      ),
    ),
  }),
  wrongContentType: (chance) => ({
    ...asked(fine),
    headers: {
      'content-type': chance.of([
        'text/plain',
        'application/xml',
        'multipart/form-data; boundary=x',
        'application/x-www-form-urlencoded',
        'application/graphql',
        'application/json; charset=utf-16',
        'x',
        'application/json;;;',
      ]),
    },
  }),
  wrongAccept: (chance) => ({
    ...asked(chance.of([fine, '{', 'subscription { runProgress(id: "none") { id } }'])),
    headers: {
      ...json,
      accept: chance.of([
        'text/html',
        'image/png',
        'x',
        'text/event-stream',
        'multipart/mixed',
        'application/graphql-response+json',
        '*/*;q=0',
      ]),
    },
  }),
  wrongEncoding: (chance) => ({
    ...asked(fine),
    headers: { ...json, 'content-encoding': chance.of(['gzip', 'br', 'zstd', 'x']) },
  }),
  strangeHeaders: (chance) => ({
    ...asked(fine),
    headers: {
      ...json,
      [chance.of(['x-request-id', 'traceparent', 'cookie', 'authorization', 'x-forwarded-for', 'origin'])]: chance.of([
        '',
        'x'.repeat(7_000),
        '00-0-0-0',
        '../../etc/passwd',
        '${jndi:x}',
      ]),
    },
  }),
  overGet: (chance) => ({
    method: 'GET',
    body: null,
    headers: {},
    search: `?${chance.of(['query=%7B', 'query=%7Bmodels%7Bname%7D%7D', 'query=%ff%fe', 'query=', '', 'query=mutation%7BtrainModel(input%3A%7Bmodel%3A%22a%22%7D)%7Bid%7D%7D', 'query=%7Bmodels%7Bname%7D%7D&variables=%7B', 'query=%7Ba%7D&query=%7Bb%7D', 'query[a]=1', `query=${'a'.repeat(9_000)}`])}`,
  }),
  noText: (chance) =>
    asked(
      chance.of([
        '',
        ' ',
        '#',
        '\ufeff',
        '{',
        '}',
        '""',
        'query',
        '{}',
        'fragment A on Model { name }',
        'schema { query: Query }',
        'type Query { a: Int }',
        '"""',
        '$a',
        '{ __typename @a }',
        'subscription { runProgress(id: "none") { id } runs { edges { cursor } } }',
      ]),
    ),
} as const satisfies Readonly<Record<string, (chance: Chance) => Made>>;

export type HostileKind = keyof typeof kinds;
export const hostileKinds = Object.keys(kinds) as readonly HostileKind[];

/** Request `number` of `seed`: the same each time. Kinds take turns, so that every count sees them all. */
export function hostileRequest(seed: number, number: number): HostileRequest {
  const kind = hostileKinds[number % hostileKinds.length]!;
  const make: (chance: Chance) => Made = kinds[kind];
  return {
    kind,
    method: 'POST',
    search: '',
    headers: json,
    body: null,
    ...make(chanceOf(Math.imul(seed, 0x9e3779b1) ^ number)),
  };
}
