import type { Batch } from '@haat/kit';
import { openModel, readMetadata } from '@haat/model-runtime';
import { modelLaws } from '@haat/training/testing';
import type { PackagingSource } from '../contract/index.ts';
import type { DamageFeature } from '../features/index.ts';
import { damageLogits, encodeProducts, explainDamage, sigmoid, traitsAt, type DamageContext } from '../model/index.ts';
import { damageArtifact } from './damage.artifact.ts';
import { ordinalityViolations, splitByProduct } from './damage.evaluation.ts';
import { fitDamage } from './damage.fit.ts';
import { damageTrainer } from './damage.trainer.ts';
import { randomProducts, smallCatalogue, smallHistory } from './fixtures/random.products.ts';
import { servedProbabilities } from './damage.served.ts';

const data = smallHistory(1500, 3);
const source: PackagingSource = {
  horizon: async (asOf) => ({ asOf, revision: 0 }),
  catalogue: async () => data.catalogue,
  products: async () => data.facts,
  counts: async () => data.counts,
};
const anything = randomProducts(997, 8);

describe('packaging/damage keeps the contract of models', () => {
  const laws = modelLaws({
    trainer: damageTrainer,
    source,
    asOf: new Date('2025-04-01T00:00:00Z'),
    encode: encodeProducts,
    inputs: anything.id.map((_, row) => traitsAt(anything, row)),
    fitted: (context, batch) => ({
      probability: sigmoid(damageLogits((context as DamageContext).parameters, batch as Batch<DamageFeature>)),
    }),
  });
  it.each(laws)('$name', ({ check }) => check());
});

const options = { ridge: 10, stepPrior: 0.25, augmentWeight: 0, minCategoryProducts: 20 };
const lineage = {
  dataset: { digest: '0'.repeat(64), rows: 1, asOf: '2025-04-01T00:00:00.000Z' },
  heldOut: { digest: '0'.repeat(64) },
  seed: 1,
  options,
};
const artifactOf = (changed: Partial<typeof options> = {}) =>
  damageArtifact(
    { catalogue: data.catalogue, parameters: fitDamage(data, { ...options, ...changed }).parameters },
    data.facts,
    lineage,
  );

describe('what is served', () => {
  const many = randomProducts(100_000, 21);
  it.each([
    ['as it is by default', {}],
    ['with nearly no penalty, steps at their bound', { ridge: 1e-6, stepPrior: 0 }],
    ['with the published augmentation', { augmentWeight: 1 }],
    ['with no category of its own', { minCategoryProducts: 1_000_000 }],
  ])('never rises with protection for 100,000 random products, trained %s', async (_, changed) => {
    const means = new Float64Array(4);
    const probability = await servedProbabilities(artifactOf(changed), many, smallCatalogue, means);
    expect(probability.every((p) => p >= 0 && p <= 1)).toBe(true);
    expect(ordinalityViolations(probability, 4)).toBe(0);
  });

  it('is explained by terms and steps that sum to its log-odds', async () => {
    const artifact = artifactOf();
    const { context } = readMetadata<DamageContext>(artifact);
    const probability = await servedProbabilities(artifact, anything, smallCatalogue, new Float64Array(4));
    explainDamage(context, anything).forEach(({ intercept, terms, steps, logits }, i) => {
      const base = terms.reduce((sum, { logit }) => sum + logit, intercept);
      logits.forEach((logit, j) => {
        const summed = base - steps.slice(0, j).reduce((sum, step) => sum + step.logit, 0);
        expect(Math.abs(summed - logit)).toBeLessThan(1e-12);
        expect(Math.abs(1 / (1 + Math.exp(-summed)) - probability[i * 4 + j]!)).toBeLessThan(1e-12);
      });
      expect(steps.every((step) => step.logit >= 0)).toBe(true);
      expect(terms.map(({ term }) => term)).toContain('category');
    });
  });

  it('for a package that an older artifact does not know is the package mean, elsewhere its own', async () => {
    const wider = {
      ...smallCatalogue,
      types: [...smallCatalogue.types, { ...smallCatalogue.types[3]!, code: 'vault' }],
    };
    const means = Float64Array.of(0, 0, 0, 0, 0.007);
    const artifact = artifactOf();
    const own = await servedProbabilities(artifact, anything, smallCatalogue, means);
    const mapped = await servedProbabilities(artifact, anything, wider, means);
    expect(mapped[4]).toBe(0.007);
    expect(Array.from(mapped.subarray(5, 9))).toEqual(Array.from(own.subarray(4, 8)));
  });

  it('takes a category that training did not see as one that is not listed', async () => {
    const open = await openModel<DamageContext>(artifactOf(), { encode: encodeProducts });
    const row = traitsAt(data.facts, 0);
    const seen = ['never heard of', 'another', 'glass'].map((category) => ({ ...row, category }));
    const { probability } = await open.run(encodeProducts(seen));
    await open.close();
    expect(Array.from(probability!.subarray(0, 4))).toEqual(Array.from(probability!.subarray(4, 8)));
    expect(probability![8]).not.toBe(probability![0]);
  });
});

describe('the held-out part', () => {
  it('changes nothing in the fit', async () => {
    const { heldOut } = splitByProduct(data);
    const held = new Set(heldOut.facts.id);
    const poisoned = {
      ...data,
      counts: {
        ...data.counts,
        damages: data.counts.damages.map((damages, r) =>
          held.has(data.facts.id[data.counts.product[r]!]!) ? data.counts.shipments[r]! - 1 : damages,
        ),
      },
    };
    const context = {
      seed: 1,
      dataset: lineage.dataset,
      report: () => undefined,
      signal: new AbortController().signal,
    };
    const [clean, dirty] = await Promise.all([
      damageTrainer.fit(data, options, context),
      damageTrainer.fit(poisoned, options, context),
    ]);
    expect(readMetadata<DamageContext>(dirty).context).toEqual(readMetadata<DamageContext>(clean).context);
    expect(readMetadata(dirty).lineage.heldOut).not.toEqual(readMetadata(clean).lineage.heldOut);
    const worse = await damageTrainer.evaluate(clean, poisoned);
    expect(worse.metrics['logLoss']).toBeGreaterThan((await damageTrainer.evaluate(clean, data)).metrics['logLoss']!);
  });

  it('holds no product of the training part, and together they hold all shipments', () => {
    const { training, heldOut } = splitByProduct(data);
    const ids = new Set(training.facts.id);
    expect(heldOut.facts.id.some((id) => ids.has(id))).toBe(false);
    const shipped = (side: typeof data) => side.counts.shipments.reduce((a, b) => a + b, 0);
    expect(shipped(training) + shipped(heldOut)).toBe(shipped(data));
    expect(heldOut.facts.rows).toBeGreaterThan(0);
  });
});

it('a fit that is cancelled stops', async () => {
  const cancelled = AbortSignal.abort(new Error('cancelled'));
  const context = { seed: 1, dataset: lineage.dataset, report: () => undefined, signal: cancelled };
  await expect(damageTrainer.fit(data, options, context)).rejects.toThrow('cancelled');
});
