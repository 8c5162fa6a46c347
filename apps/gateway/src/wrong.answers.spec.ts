import type { ServerResponse } from 'node:http';
import { listening } from './testing/fake.subgraph.ts';
import { post, startScratchGateway } from './testing/scratch.gateway.ts';

const models = [{ title: 'text' }, { title: 'text' }];
const query = `query ($more: Boolean = false) {
  models { title }
  product(id: "p1") {
    id weightG fragile
    recommendation { basis }
    packaging { stale revision asOf damageProbabilities { packageType probability } model { id version bytes } }
    category @include(if: $more)
  }
}`;

const secret = 'at 10.0.0.3:5432';
const packaging = {
  stale: false,
  revision: 3,
  asOf: '2026-01-01T00:00:00Z',
  damageProbabilities: [{ packageType: 'BOX', probability: 0.5 }],
  model: { __typename: 'ModelVersion', id: 'packaging/damage@1', version: 1 },
};
const good = { id: 'p1', weightG: 1.5, fragile: true, recommendation: { basis: 'LEAST_TOTAL_COST' }, packaging };
const told = { ...good, packaging: { ...packaging, model: { id: 'packaging/damage@1', version: 1, bytes: 1 } } };
const without = (field: keyof typeof packaging) =>
  Object.fromEntries(Object.entries(packaging).filter(([name]) => name !== field));

/** What the packaging subgraph answers for the product, what a client gets of it, and where the errors are. */
const answers: readonly (readonly [string, unknown, unknown, readonly string[]])[] = [
  ['text for a number', { ...good, weightG: secret }, { ...told, weightG: null }, ['product.weightG']],
  ['an object for a number', { ...good, weightG: { secret } }, { ...told, weightG: null }, ['product.weightG']],
  ['a list for a truth', { ...good, fragile: [true] }, { ...told, fragile: null }, ['product.fragile']],
  [
    'two of them',
    { ...good, fragile: secret, weightG: secret },
    { ...told, fragile: null, weightG: null },
    ['product.weightG', 'product.fragile'],
  ],
  ['a number for an id', { ...good, id: 17 }, null, ['product.id']],
  ['nothing for what may be null', { ...good, weightG: undefined }, { ...told, weightG: null }, ['product.weightG']],
  [
    'nothing for what must be',
    { ...good, packaging: without('asOf') },
    { ...told, packaging: null },
    ['product.packaging.asOf'],
  ],
  [
    'null for what must be',
    { ...good, packaging: { ...packaging, stale: null } },
    { ...told, packaging: null },
    ['product.packaging.stale'],
  ],
  [
    'half a number for a whole one',
    { ...good, packaging: { ...packaging, revision: 1.5 } },
    { ...told, packaging: null },
    ['product.packaging.revision'],
  ],
  [
    'a number of more than 32 bits',
    { ...good, packaging: { ...packaging, revision: 2 ** 31 } },
    { ...told, packaging: null },
    ['product.packaging.revision'],
  ],
  [
    'a number for a moment',
    { ...good, packaging: { ...packaging, asOf: 17 } },
    { ...told, packaging: null },
    ['product.packaging.asOf'],
  ],
  [
    'an object for a list',
    { ...good, packaging: { ...packaging, damageProbabilities: { secret } } },
    { ...told, packaging: null },
    ['product.packaging.damageProbabilities'],
  ],
  [
    'a wrong item in a list of objects',
    { ...good, packaging: { ...packaging, damageProbabilities: [packaging.damageProbabilities[0], secret] } },
    { ...told, packaging: null },
    ['product.packaging.damageProbabilities.1'],
  ],
  [
    'a wrong value in an item of a list',
    { ...good, packaging: { ...packaging, damageProbabilities: [{ packageType: 'BOX', probability: '0.5' }] } },
    { ...told, packaging: null },
    ['product.packaging.damageProbabilities.0.probability'],
  ],
  ['a list for an object', { ...good, packaging: [packaging] }, { ...told, packaging: null }, ['product.packaging']],
  [
    'a word that its enum has not',
    { ...good, recommendation: { basis: 'WHIM' } },
    { ...told, recommendation: null },
    ['product.recommendation.basis'],
  ],
  [
    'an entity of another type',
    { ...good, packaging: { ...packaging, model: { ...packaging.model, __typename: 'Product' } } },
    { ...told, packaging: { ...told.packaging, model: null } },
    ['product.packaging.model.__typename'],
  ],
  ['text for an object', secret, null, ['product']],
];

/** Whole answers that are none. */
const bodies: readonly (readonly [string, unknown])[] = [
  ['no data and no errors', {}],
  ['data that is null, and no errors', { data: null }],
  ['data that is a number', { data: 17 }],
  ['data that is a list', { data: [{ product: good }] }],
  ['data without what was asked', { data: {} }],
];

describe('an answer of the wrong type', () => {
  let answer: unknown;
  let subgraph: Awaited<ReturnType<typeof listening>>;
  let gateway: Awaited<ReturnType<typeof startScratchGateway>>;

  const json = (response: ServerResponse, body: unknown) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const ask = async () => {
    const { status, body, text } = await post(gateway.url, { query });
    expect(status).toBe(200);
    expect(text).not.toMatch(/10\.0\.0\.3|5432|secret|WHIM|Cannot|undefined|127\.0\.0\.1/);
    return body;
  };

  beforeAll(async () => {
    subgraph = await listening((_request, response) => json(response, answer));
    gateway = await startScratchGateway({ PACKAGING_URL: subgraph.url });
  });
  afterAll(async () => {
    await gateway.stop();
    subgraph.stop();
  });

  it('is none where all is well', async () => {
    answer = { data: { product: good } };
    expect(await ask()).toEqual({ data: { models, product: told } });
  });

  it.each(answers)(
    '%s: what may be null around it is, and an error names the place',
    async (_what, product, seen, places) => {
      answer = { data: { product } };
      const { data, errors } = await ask();
      expect(data).toEqual({ models, product: seen });
      expect(errors!.map(({ path }) => path!.join('.'))).toEqual(places);
      for (const { extensions, message } of errors!) {
        expect(extensions).toEqual({ code: 'ANSWER_OF_WRONG_TYPE' });
        expect(message).toMatch(/^What answers "product[\w.]*" answers what its schema does not allow; ask again$/);
      }
    },
  );

  it.each(bodies)('%s: the part is lost, and an error names it', async (_what, body) => {
    answer = body;
    const { data, errors } = await ask();
    expect(data).toEqual({ models, product: null });
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['product'],
        extensions: { code: expect.stringMatching(/^(ANSWER_OF_WRONG_TYPE|SERVICE_UNAVAILABLE)$/) },
      }),
    ]);
  });

  it('beside errors of the subgraph keeps those', async () => {
    const told = { message: 'Not now', path: ['product', 'fragile'], extensions: { code: 'BUSY' } };
    answer = { data: { product: { ...good, fragile: null, weightG: secret } }, errors: [told] };
    expect((await ask()).errors).toEqual([
      expect.objectContaining({ path: ['product', 'fragile'], extensions: { code: 'BUSY' } }),
      expect.objectContaining({ path: ['product', 'weightG'], extensions: { code: 'ANSWER_OF_WRONG_TYPE' } }),
    ]);
  });

  it('is seen only in what was asked, as the variables have it', async () => {
    answer = { data: { product: { ...good, category: 17 } } };
    expect((await ask()).errors).toBeUndefined();
    const { body } = await post(gateway.url, { query, variables: { more: true } });
    expect(body.errors).toEqual([expect.objectContaining({ path: ['product', 'category'] })]);
  });
});

describe('an entity of the wrong type', () => {
  it('is missing in each place that it belongs to, with an error there', async () => {
    const respond = (response: ServerResponse, data: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
    const edges = ['p1', 'p2'].map((id) => ({ node: { ...good, id } }));
    const packagingSide = await listening((_request, response) => respond(response, { products: { edges } }));
    const platformSide = await listening((_request, response) => respond(response, { _entities: [{ bytes: secret }] }));
    const gateway = await startScratchGateway({ PACKAGING_URL: packagingSide.url, PLATFORM_URL: platformSide.url });
    const { body, text } = await post(gateway.url, {
      query: '{ products(first: 2) { edges { node { id packaging { model { id bytes } } } } } }',
    });
    expect(body.errors!.map(({ path, extensions }) => [path!.join('.'), extensions])).toEqual(
      [0, 1].map((at) => [`products.edges.${at}.node.packaging.model.bytes`, { code: 'ANSWER_OF_WRONG_TYPE' }]),
    );
    expect(text).not.toMatch(/10\.0\.0\.3/);
    await gateway.stop();
    packagingSide.stop();
    platformSide.stop();
  });
});
