import { jest } from '@jest/globals';
import { PredictionLog, type Database } from '@haat/data-access';
import { damageModel } from '@haat/packaging/model';
import { packagingStore } from '@haat/packaging/store';
import type { RunningApp } from '@haat/platform';
import { DATABASE } from '@haat/platform';
import { known, startStage, type Answer, type Plan, type Stage } from './testing/packaging.stage.ts';

describe('packaging subgraph', () => {
  let stage: Stage;
  let task: Database;
  let app: RunningApp;
  let ids: readonly string[];
  beforeAll(async () => {
    stage = await startStage();
    ({ task, app, ids } = stage);
  });
  afterAll(() => stage?.stop());
  const ask = (query: string, variables?: object) => stage.ask(query, variables);
  const promote = (version: number) => stage.promote(version);

  async function runsOfModel(): Promise<number> {
    const { values } = await app.metrics.modelRuns.get();
    return values.reduce((sum, { value }) => sum + value, 0);
  }

  const packagingFields = `
    damageProbabilities { packageType probability }
    recommended { packageType expectedDamageCost shippingCost basis }
    explanation { intercept terms { term value logit } steps { from to logit } nextBest { packageType switchingPrice } }
    predictionId model { id version digest } asOf`;

  it('is not ready, and says so to who asks, until a version is promoted', async () => {
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(503);
    const { data, errors } = await ask('query ($id: ID!) { product(id: $id) { id category packaging { asOf } } }', {
      id: ids[0],
    });
    expect(data.product).toMatchObject({ id: ids[0], packaging: null });
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['product', 'packaging'],
        extensions: expect.objectContaining({ code: 'MODEL_NOT_READY' }),
      }),
    ]);
    await promote(1);
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
  });

  it('answers for a product: ordered probabilities that its explanation adds up to, a recommendation, a record', async () => {
    const { data, errors } = await ask(
      `query ($id: ID!) { product(id: $id) { id packaging { ${packagingFields} } } }`,
      { id: ids[7] },
    );
    expect(errors).toBeUndefined();
    const { damageProbabilities, recommended, explanation, predictionId, model, asOf } = data.product!.packaging;
    expect(damageProbabilities).toHaveLength(8);
    let logit = explanation.terms.reduce((sum, term) => sum + term.logit, explanation.intercept);
    damageProbabilities.forEach(({ probability }, j) => {
      if (j > 0) logit -= explanation.steps[j - 1]!.logit;
      expect(probability).toBeCloseTo(1 / (1 + Math.exp(-logit)), 10);
    });
    expect(recommended.basis).toBe('LEAST_TOTAL_COST');
    const record = await new PredictionLog(task).read(predictionId);
    expect(record).toMatchObject({
      model: damageModel.name,
      version: 1,
      digest: model.digest,
      asOf: new Date(asOf),
      input: { product_id: ids[7] },
      output: {
        probability: damageProbabilities.map(({ probability }) => probability),
        recommended: recommended.packageType,
        basis: recommended.basis,
      },
    });
  });

  it('answers 100 products with as many statements as two, and one run of the model', async () => {
    const { pool } = app.app.get<Database>(DATABASE);
    const statements = jest.spyOn(pool, 'query');
    // The look at the champion goes on beside the requests.
    const asked = () => statements.mock.calls.filter(([sql]) => !JSON.stringify(sql).includes('model_alias'));
    const cost = async (first: number) => {
      statements.mockClear();
      const before = await runsOfModel();
      const { data, errors } = await ask(
        `query ($first: Int!) { products(first: $first) { edges { node { id category packaging { ${packagingFields} } } } } }`,
        { first },
      );
      expect(errors).toBeUndefined();
      expect(data.products!.edges).toHaveLength(first);
      return {
        statements: asked().length,
        runs: (await runsOfModel()) - before,
      };
    };
    const two = await cost(2);
    const hundred = await cost(100);
    expect(hundred).toEqual(two);
    // The revision, the page, the products, the catalogue, the plan in force, the record.
    expect(hundred).toEqual({ statements: 6, runs: 1 });
    statements.mockRestore();
  });

  it('pages through products by id, of a filter, each once', async () => {
    const page =
      'query ($after: String) { products(first: 70, after: $after, filter: { fragile: true }) { edges { node { id } } pageInfo { hasNextPage endCursor } } }';
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const { data }: Answer = await ask(page, { after });
      seen.push(...data.products!.edges.map(({ node }) => node.id));
      if (!data.products!.pageInfo.hasNextPage) break;
      after = data.products!.pageInfo.endCursor;
    }
    expect(seen).toEqual([...new Set(seen)].sort());
    const { facts } = await packagingStore(task).productPage(
      null,
      600,
      { fragile: true },
      await packagingStore(task).horizon(new Date()),
    );
    expect(seen).toEqual(facts.id);
  });

  it('answers as things were known at a moment', async () => {
    const before = new Date(known.getTime() - 1).toISOString();
    const { errors } = await ask('query ($id: ID!, $asOf: DateTime) { product(id: $id, asOf: $asOf) { id } }', {
      id: ids[0],
      asOf: before,
    });
    expect(errors![0]).toMatchObject({
      message: `Product "${ids[0]}" is not known as of ${before}`,
      extensions: { code: 'UNKNOWN_PRODUCT' },
    });
  });

  it('resolves a product that another subgraph names', async () => {
    const { data, errors } = await ask(
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { id packaging { model { version } } } } }',
      {
        representations: [
          { __typename: 'Product', id: ids[3] },
          { __typename: 'Product', id: 'nobody' },
        ],
      },
    );
    expect(data).toEqual({ _entities: [{ id: ids[3], packaging: { model: { version: 1 } } }, null] });
    expect(errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNKNOWN_PRODUCT' }) }),
    ]);
  });

  const planFields = `id shippingCost expectedDamageCost certificate { objective lowerBound gap }
    today { shippingCost expectedDamageCost } changeCount changes(first: 5) { productId to saving }`;

  it("plans within a share of today's cost and certifies the gap", async () => {
    const { data, errors } = await ask(`{ packagingPlan(budget: { share: 0.98 }) { ${planFields} } }`);
    expect(errors).toBeUndefined();
    const plan = data.packagingPlan!;
    expect(plan.shippingCost).toBeLessThanOrEqual(0.98 * plan.today.shippingCost);
    const { objective, lowerBound, gap } = plan.certificate;
    expect(objective).toBe('damage');
    expect(gap).toBeCloseTo((plan.expectedDamageCost - lowerBound) / plan.expectedDamageCost, 9);
    expect(plan.changes).toHaveLength(5);
    expect(plan.changeCount).toBeGreaterThanOrEqual(5);
    expect(plan.id).toBeNull();
  });

  it('tells every change once, page after page, of one plan', async () => {
    const fields = 'model { digest } dataRevision asOf';
    type Paged = Plan & { page: Plan['changes']; model: object; dataRevision: number; asOf: string };
    const paged = ({ data }: Answer) => data.packagingPlan as Paged;
    const page = (args: string, at = '') =>
      ask(
        `{ packagingPlan(budget: { share: 0.98 }${at}) { ${planFields} ${fields} page: changes(${args}) { productId to saving } } }`,
      );
    const { page: whole, ...same } = paged(await page('first: 10000'));
    expect(whole).toHaveLength(same.changeCount);
    const cut = Math.floor(same.changeCount / 2);
    const pages = [`first: ${cut}`, `first: ${cut}, offset: ${cut}`, `first: 10, offset: ${2 * cut}`];
    const told = await Promise.all(pages.map((args) => page(args, `, asOf: "${same.asOf}"`)));
    expect(told.flatMap((answer) => paged(answer).page)).toEqual(whole);
    for (const answer of told) expect(paged(answer)).toMatchObject(same);
  });

  it('draws the frontier', async () => {
    const { data } = await ask('{ packagingFrontier(points: 7) { points { shippingCost expectedDamageCost } } }');
    const { points } = data.packagingFrontier!;
    expect(points).toHaveLength(7);
    points.slice(1).forEach((point, k) => expect(point.expectedDamageCost).toBeLessThan(points[k]!.expectedDamageCost));
  });

  it('recommends what a promoted plan says', async () => {
    const { data, errors } = await ask(
      `mutation { promotePackagingPlan(damageTarget: { share: 0.6 }) { ${planFields} } }`,
    );
    expect(errors).toBeUndefined();
    const plan = data.promotePackagingPlan!;
    expect(plan.id).not.toBeNull();
    const { productId, to } = plan.changes[0]!;
    const after = await ask(
      'query ($id: ID!) { product(id: $id) { packaging { recommended { packageType basis } } } }',
      { id: productId },
    );
    expect(after.data.product!.packaging.recommended).toEqual({ packageType: to, basis: 'PROMOTED_PLAN' });
  });

  it('takes up a newly promoted version without a restart and without a failed request', async () => {
    const look = () =>
      ask(
        `query ($id: ID!) { product(id: $id) { packaging { damageProbabilities { probability } model { version } } } }`,
        { id: ids[0] },
      );
    const before = await look();
    let asking = true;
    const failures: unknown[] = [];
    const load = (async () => {
      while (asking) {
        const { errors } = await look();
        if (errors) failures.push(errors);
      }
    })();
    await promote(2);
    asking = false;
    await load;
    expect(failures).toEqual([]);
    const after = await look();
    expect(after.data.product!.packaging.model.version).toBe(2);
    expect(after.data.product!.packaging.damageProbabilities).not.toEqual(
      before.data.product!.packaging.damageProbabilities,
    );
  });

  it.each([
    ['{ replayPrediction(id: "nothing") { same } }', 'UNKNOWN_PREDICTION'],
    ['{ product(id: "nobody") { id } }', 'UNKNOWN_PRODUCT'],
    ['{ products(first: 501) { edges { cursor } } }', 'INVALID_ARGUMENT'],
    ['{ products(after: "x") { edges { cursor } } }', 'INVALID_CURSOR'],
    ['{ packagingPlan(budget: { share: 1 }) { changes(offset: -1) { to } } }', 'INVALID_ARGUMENT'],
    ['{ packagingPlan { gap: method } }', 'INVALID_LIMIT'],
    ['{ packagingPlan(budget: { share: 1 }, damageTarget: { share: 1 }) { method } }', 'INVALID_LIMIT'],
    ['{ packagingPlan(budget: { share: 1, inr: 5 }) { method } }', 'INVALID_LIMIT'],
    ['{ packagingPlan(budget: {}) { method } }', 'INVALID_LIMIT'],
    ['{ packagingPlan(budget: { inr: -3 }) { method } }', 'INVALID_LIMIT'],
    ['{ packagingPlan(budget: { inr: 1 }) { method } }', 'BUDGET_TOO_LOW'],
    ['{ packagingPlan(damageTarget: { inr: 1 }) { method } }', 'DAMAGE_TARGET_TOO_LOW'],
    ['{ packagingFrontier(points: 1) { products } }', 'INVALID_ARGUMENT'],
  ])('%s is %s', async (query, code) => {
    const { errors } = await ask(query);
    expect(errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code }) })]);
  });
});
