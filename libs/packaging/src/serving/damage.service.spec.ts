import { isDomainError, type Batch, type Horizon, type ModelRef } from '@haat/kit';
import { requireFinite, type PredictionRecorder, type ServedPrediction } from '@haat/model-runtime';
import { defaultTariff, productFacts, productView, type PackageCatalogue, type ProductRow } from '../contract/index.ts';
import type { DamageFeature } from '../features/index.ts';
import { costTable, damageLogits, denseTerms, stepTerms, type DamageParameters } from '../model/index.ts';
import {
  choosePackage,
  DamageService,
  heldModel,
  PackagingPlanner,
  pricingCatalogue,
  type PackagingAnswer,
  type ProductReader,
  type ServedModel,
} from './index.ts';

const catalogue: PackageCatalogue = {
  types: ['bag', 'mailer', 'carton'].map((code, j) => ({
    code,
    name: code,
    material_inr: [2, 8, 30][j]!,
    added_cm: j,
    tare_kg: 0.05 * j,
    max_kg: [3, 5, 20][j]!,
    max_thickness_cm: null,
  })),
  tariff: defaultTariff,
};

const parameters: DamageParameters = {
  intercept: -2,
  terms: denseTerms.map((term) => ({
    term,
    mean: 0,
    weight: term === 'fragile' ? 1.5 : term === 'log_price' ? 0.1 : 0,
  })),
  vocabulary: { names: ['toys'], fragility: [0.2, 0.1] },
  effect: [0.3, 0],
  steps: [0.4, 0.8].map((gamma) => stepTerms.map((term) => (term === 'always' ? gamma : 0))),
  calibration: { offset: 0, slope: 1 },
};

const ref: ModelRef = { model: 'packaging/damage', version: 3, digest: 'd'.repeat(64) };
const asOf = new Date('2026-01-02T03:04:05Z');
const at: Horizon = { asOf, revision: 7 };

/** The fitted function itself, without a graph. */
function served(): ServedModel & { runs: number[] } {
  const runs: number[] = [];
  return {
    ref,
    runs,
    open: {
      metadata: { context: { catalogue, parameters } },
      run: (batch: Batch) => {
        runs.push(batch.rows);
        const logits = damageLogits(parameters, batch as Batch<DamageFeature>);
        const probability = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
        return Promise.resolve().then(() => requireFinite(ref.model, { probability }, batch.rows));
      },
    },
  };
}

function product(id: string, more: Partial<ProductRow> = {}): ProductRow {
  return {
    product_id: id,
    category: 'toys',
    weight_g: 400,
    length_cm: 20,
    width_cm: 15,
    height_cm: 10,
    price_inr: 900,
    fragile: false,
    liquid: false,
    current_package: 'mailer',
    demand: 10,
    ...more,
  };
}

/** A product as a source that does not check its rows might hold it: no model can compute with its sides. */
const speck = (id: string) => product(id, { weight_g: 1e-300, length_cm: 1e-300, width_cm: 1e-300, height_cm: 1e-300 });

/** Facts that hold from `since` on. */
const timed = (rows: readonly ProductRow[], since: Date) => (ids: readonly string[]) => {
  const facts = productFacts(rows.filter((row) => ids.includes(row.product_id)));
  return Promise.resolve({ ...facts, knownSince: new Float64Array(facts.rows).fill(since.getTime()) });
};

function reader(
  rows: readonly ProductRow[],
  planned: Record<string, string> = {},
): ProductReader & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    catalogue: () => (calls.push('catalogue'), Promise.resolve(catalogue)),
    productsById: (ids) => (calls.push('productsById'), timed(rows, asOf)(ids)),
    promotedPlan: () => (calls.push('promotedPlan'), Promise.resolve(new Map(Object.entries(planned)))),
  };
}

function answersOf(answers: readonly unknown[]): PackagingAnswer[] {
  return answers.map((answer) => {
    if (isDomainError(answer)) throw answer;
    return answer as PackagingAnswer;
  });
}

describe('DamageService', () => {
  it('answers in the order that was asked, an unknown product in its place, with one run and one read of each kind', async () => {
    const model = served();
    const products = reader(Array.from({ length: 100 }, (_, i) => product(`p${i}`, { fragile: i % 2 === 0 })));
    const answers = await new DamageService(heldModel(model)).byId(products, ['p7', 'nobody', 'p4'], at);
    expect(answers[1]).toMatchObject({ code: 'UNKNOWN_PRODUCT', details: { field: 'id', id: 'nobody' } });
    const [first, second] = answersOf([answers[0], answers[2]]);
    expect(first!.damageProbabilities[0]!.probability).toBeLessThan(second!.damageProbabilities[0]!.probability);
    expect(model.runs).toEqual([2]);
    expect(products.calls.sort()).toEqual(['catalogue', 'productsById', 'promotedPlan']);
  });

  it('explains the very probabilities that it serves', async () => {
    const [answer] = answersOf(await new DamageService(heldModel(served())).byId(reader([product('a')]), ['a'], at));
    const { intercept, terms, steps } = answer!.explanation;
    let logit = terms.reduce((sum, term) => sum + term.logit, intercept);
    answer!.damageProbabilities.forEach(({ probability }, j) => {
      if (j > 0) logit -= steps[j - 1]!.logit;
      expect(probability).toBeCloseTo(1 / (1 + Math.exp(-logit)), 12);
    });
  });

  it('recommends what the promoted plan says, else the least total cost of one shipment', async () => {
    const service = new DamageService(heldModel(served()));
    const rows = [product('planned'), product('free', { demand: 0 })];
    const [planned, free] = answersOf(await service.byId(reader(rows, { planned: 'carton' }), ['planned', 'free'], at));
    expect(planned!.recommended).toMatchObject({ packageType: { code: 'carton' }, basis: 'PROMOTED_PLAN' });
    const total = ({ shippingCost, expectedDamageCost }: NonNullable<PackagingAnswer['recommended']>) =>
      shippingCost + expectedDamageCost;
    expect(free!.recommended!.basis).toBe('LEAST_TOTAL_COST');
    expect(total(free!.recommended!)).toBeLessThanOrEqual(total(planned!.recommended!));
    expect(total(free!.recommended!)).toBeGreaterThan(0);
  });

  it('recommends nothing that does not take the product, whatever the plan says', async () => {
    const service = new DamageService(heldModel(served()));
    const rows = [product('heavy', { weight_g: 10_000 }), product('giant', { weight_g: 50_000 })];
    const [heavy, giant] = answersOf(await service.byId(reader(rows, { heavy: 'bag' }), ['heavy', 'giant'], at));
    expect(heavy!.recommended).toMatchObject({ packageType: { code: 'carton' }, basis: 'LEAST_TOTAL_COST' });
    expect(heavy!.explanation.nextBest).toBeNull();
    expect(giant!.recommended).toBeNull();
    expect(giant!.damageProbabilities).toHaveLength(3);
  });

  it('answers raw rows in order, a bad row in its place', async () => {
    const model = served();
    const rows = [
      product('x'),
      { ...product('y'), weight_g: Number.NaN },
      { ...product('z'), length_cm: 0 },
      product('w'),
    ];
    const answers = await new DamageService(heldModel(model)).byTraits(rows, at);
    expect(answers.map((answer) => (isDomainError(answer) ? answer.details['field'] : 'good'))).toEqual([
      'good',
      'weight_g',
      'length_cm',
      'good',
    ]);
    expect(model.runs).toEqual([2]);
  });

  it('refuses only the product for whose facts the model has no finite answer, and records nothing of it', async () => {
    const recorded: string[] = [];
    const recorder: PredictionRecorder = {
      record: (_ref, _at, predictions) => {
        recorded.push(...predictions.map(({ input }) => (input as { product_id: string }).product_id));
        return Promise.resolve(predictions.map(({ input }) => (input as { product_id: string }).product_id));
      },
    };
    const model = served();
    const service = new DamageService(heldModel(model), { recorder, chance: () => 0, share: 1 });
    const ids = ['a', 'speck', 'b'];
    const answers = await service.byId(reader([product('a'), speck('speck'), product('b')]), ids, at);
    expect(answers[1]).toMatchObject({ code: 'UNANSWERABLE_PRODUCT', details: { id: 'speck' } });
    const alone = answersOf(await new DamageService(heldModel(served())).byId(reader([product('b')]), ['b'], at));
    const [, last] = answersOf([answers[0], answers[2]]);
    expect(last!.damageProbabilities).toEqual(alone[0]!.damageProbabilities);
    expect(recorded).toEqual(['a', 'b']);
    expect(model.runs).toEqual([3, 2]);
  });

  it('records the share that it is told to, in one write, and answers the ids', async () => {
    const writes: (readonly ServedPrediction[])[] = [];
    const draws = [0.1, 0.9, 0.4].values();
    const service = new DamageService(heldModel(served()), {
      recorder: {
        record: (_ref, horizon, predictions) => {
          expect(horizon).toEqual(at);
          writes.push(predictions);
          return Promise.resolve(predictions.map((_, k) => `id${k}`));
        },
      },
      chance: () => draws.next().value!,
      share: 0.5,
    });
    const answers = answersOf(
      await service.byId(reader(['a', 'b', 'c'].map((id) => product(id))), ['a', 'b', 'c'], at),
    );
    expect(answers.map(({ predictionId }) => predictionId)).toEqual(['id0', null, 'id1']);
    expect(writes).toHaveLength(1);
    expect(writes[0]![0]).toEqual({
      input: expect.objectContaining({ product_id: 'a', weight_g: 400, fragile: false }),
      output: {
        probability: answers[0]!.damageProbabilities.map(({ probability }) => probability),
        recommended: answers[0]!.recommended!.packageType.code,
        basis: 'LEAST_TOTAL_COST',
      },
    });
  });

  it('says from when its facts hold, and that they are stale, to whoever asks and to who counts', async () => {
    const heard: unknown[] = [];
    const service = new DamageService(heldModel(served()), undefined, (stale) => heard.push(stale));
    const since = new Date(asOf.getTime() - productView.freshDays * 86_400_000);
    const fresh = { ...reader([product('a'), product('b')]), productsById: timed([product('a'), product('b')], since) };
    const [answer] = answersOf(await service.byId(fresh, ['a'], at));
    expect(answer).toMatchObject({ knownSince: since, stale: false });
    expect(heard).toEqual([]);
    const later = { ...at, asOf: new Date(asOf.getTime() + 1) };
    const old = answersOf(await service.byId(fresh, ['a', 'b', 'a'], later));
    expect(old.map(({ stale }) => stale)).toEqual([true, true, true]);
    expect(heard).toEqual([{ view: 'packaging/product', rows: 2 }]);
  });
});

describe('choosePackage', () => {
  it('names the next vertex of the lower hull and its switching price', () => {
    const costs = {
      rows: 1,
      packages: 4,
      shipping: Float64Array.of(10, 12, 20, 40),
      damage: Float64Array.of(100, 99, 60, 50),
      feasible: Uint8Array.of(1, 1, 1, 1),
    };
    const four = { ...catalogue, types: [...catalogue.types, { ...catalogue.types[2]!, code: 'crate' }] };
    const { nextBest } = choosePackage(costs, 0, four, 'bag');
    expect(nextBest).toEqual({ packageType: four.types[2], switchingPrice: 10 / 40 });
    expect(choosePackage(costs, 0, four, 'carton').nextBest).toEqual({ packageType: four.types[3], switchingPrice: 2 });
    expect(choosePackage(costs, 0, four, 'crate').nextBest).toBeNull();
  });
});

describe('pricingCatalogue', () => {
  it('takes the prices in force unless the package types are not those of the model', () => {
    const dearer = { ...catalogue, types: catalogue.types.map((type) => ({ ...type, material_inr: 100 })) };
    expect(pricingCatalogue(catalogue, dearer)).toBe(dearer);
    const fewer = { ...catalogue, types: catalogue.types.slice(1) };
    expect(pricingCatalogue(catalogue, fewer)).toBe(catalogue);
  });
});

describe('PackagingPlanner', () => {
  const rows = Array.from({ length: 40 }, (_, i) =>
    product(`p${String(i).padStart(2, '0')}`, {
      price_inr: 100 + 400 * (i % 7),
      fragile: i % 3 === 0,
      weight_g: i === 5 ? 90_000 : 300 + 50 * i,
      current_package: i === 6 ? null : 'mailer',
    }),
  );
  const source = {
    horizon: (moment: Date) => Promise.resolve({ asOf: moment, revision: 0 }),
    catalogue: () => Promise.resolve(catalogue),
    products: () => Promise.resolve(productFacts(rows)),
  };
  const planner = new PackagingPlanner(heldModel(served()), source);

  it('plans all others when one product has no finite costs, and names it among those left out', async () => {
    const without = await planner.plan({ budget: { share: 0.95 } }, asOf);
    for (const broken of [speck('x'), product('x', { price_inr: Number.MAX_VALUE })]) {
      const products = () => Promise.resolve(productFacts([broken, ...rows]));
      const beside = new PackagingPlanner(heldModel(served()), { ...source, products });
      const plan = await beside.plan({ budget: { share: 0.95 } }, asOf);
      expect(plan.leftOut).toEqual(['x', 'p05']);
      expect(plan.packages()).toEqual(without.packages());
      expect(plan).toMatchObject({ shipping: without.shipping, damage: without.damage, gap: without.gap });
      expect((await beside.frontier(5, asOf)).leftOut).toEqual(['x', 'p05']);
    }
  });

  it("keeps to a share of today's shipping cost, and its changes add up to what it says", async () => {
    const plan = await planner.plan({ budget: { share: 0.95 } }, asOf);
    expect(plan.leftOut).toEqual(['p05']);
    expect(plan.products).toBe(39);
    expect(plan.shipping).toBeLessThanOrEqual(0.95 * plan.today.shipping);
    expect(plan.damage).toBeGreaterThanOrEqual(plan.lowerBound);
    const sum = (pick: (change: (typeof plan.changes)[number]) => number) =>
      plan.changes.reduce((total, change) => total + pick(change), 0);
    expect(plan.today.shipping + sum((change) => change.shippingChange)).toBeCloseTo(plan.shipping, 6);
    expect(plan.today.damage + sum((change) => change.damageChange)).toBeCloseTo(plan.damage, 6);
    const savings = plan.changes.map(({ saving }) => saving);
    expect(savings).toEqual([...savings].sort((a, b) => b - a));
    expect(plan.changes.find(({ productId }) => productId === 'p06')!.from).toBeNull();
    expect(plan.today.assumed).toBe(1);
    expect(plan.packages().size).toBe(39);
  });

  it('takes the same limit in INR', async () => {
    const byShare = await planner.plan({ budget: { share: 1 } }, asOf);
    const byAmount = await planner.plan({ budget: { inr: byShare.today.shipping } }, asOf);
    expect(byAmount.assignment).toEqual(byShare.assignment);
    const target = await planner.plan({ damageTarget: { share: 0.9 } }, asOf);
    expect(target.damage).toBeLessThanOrEqual(0.9 * target.today.damage);
  });

  it.each([
    [{ budget: { share: 0.01 } }, 'BUDGET_TOO_LOW'],
    [{ damageTarget: { share: 0.01 } }, 'DAMAGE_TARGET_TOO_LOW'],
    [{ budget: { inr: Number.NaN } }, 'INVALID_LIMIT'],
    [{ damageTarget: { share: -1 } }, 'INVALID_LIMIT'],
    [{ budget: { share: 1e308 } }, 'INVALID_LIMIT'],
    [{ damageTarget: { share: 1e308 } }, 'INVALID_LIMIT'],
  ])('refuses %j as %s', async (limit, code) => {
    await expect(planner.plan(limit, asOf)).rejects.toMatchObject({ code });
  });

  it('draws a frontier that falls, and whose points plans can reach', async () => {
    const { points, today } = await planner.frontier(5, asOf);
    expect(points).toHaveLength(5);
    points.slice(1).forEach((point, k) => {
      expect(point.shipping).toBeGreaterThan(points[k]!.shipping);
      expect(point.damage).toBeLessThan(points[k]!.damage);
    });
    const plan = await planner.plan({ budget: { inr: points[2]!.shipping } }, asOf);
    expect(plan.damage).toBeLessThanOrEqual(points[2]!.damage * (1 + 1e-9));
    expect(today.shipping).toBeGreaterThan(0);
  });

  it('prices one shipment as the plan prices a month', async () => {
    const facts = productFacts([rows[0]!]);
    const monthly = costTable(facts, catalogue, new Float64Array(3).fill(0.1));
    const once = costTable({ ...facts, demand: Float64Array.of(1) }, catalogue, new Float64Array(3).fill(0.1));
    expect(monthly.shipping[1]).toBeCloseTo(once.shipping[1]! * facts.demand[0]!, 9);
  });
});
