import { defineModel } from '@haat/kit';
import { z } from 'zod';
import { productTraitsSchema } from '../contract/index.ts';
import { damageFeatures } from '../features/index.ts';

export const damageOptionsSchema = z.strictObject({
  ridge: z
    .number()
    .gt(0)
    .lte(1e6)
    .default(10)
    .describe('Strength of the quadratic penalty on standardised effects and on steps, in shipments'),
  stepPrior: z
    .number()
    .gte(0)
    .lte(3)
    .default(0.25)
    .describe('Log-odds by which each step of protection is believed to help before any data'),
  augmentWeight: z
    .number()
    .gte(0)
    .lte(1)
    .default(0)
    .describe('Weight of the published augmentation (damage in a package counts as damage in all weaker ones); 0: off'),
  minCategoryProducts: z
    .int()
    .gte(1)
    .lte(1_000_000)
    .default(20)
    .describe('Products of a category that training must have seen for the category to get an effect of its own'),
});
export type DamageOptions = z.output<typeof damageOptionsSchema>;

/** Probability that a shipment arrives damaged, for every package type, never higher for a more protective one. */
export const damageModel = defineModel({
  name: 'packaging/damage',
  title: 'Damage probability by package type',
  owner: 'packaging',
  intendedUse:
    'Choosing the package type of a product: the probability that one shipment arrives damaged in each type of the catalogue.',
  limitations: [
    'Learned from shipments whose package people chose: what they knew and the catalogue does not (hidden fragility) biases the steps towards zero.',
    'Says nothing about whether a package takes a product: weight and thickness limits are checked where packages are chosen.',
    'Knows the package types of its own catalogue version only.',
  ],
  kind: 'convex',
  input: productTraitsSchema,
  features: damageFeatures,
  target: {
    unit: '1',
    doc: 'Whether a shipment arrived damaged, 0 or 1; training counts shipments and damages by product and package',
  },
  outputs: {
    probability: {
      dtype: 'float64',
      unit: '1',
      shape: ['n', 'K'],
      doc: 'Probability of damage in each package type, in catalogue order; non-increasing along a row',
    },
  },
  options: damageOptionsSchema,
  recipe: {
    algorithm:
      'Ordered logistic regression: non-negative protection steps that vary with the product, ridge towards a step prior, projected Newton on counts aggregated by product and package, Platt calibration.',
    source:
      'After Gurumoorthy, Sanyal, Chaoji, "Think out of the package", ECML-PKDD 2020; constraints and solver are derived (ADR 0020)',
  },
  metrics: {
    logLoss: { unit: 'nat', doc: 'Mean negative log-likelihood of a held-out shipment', better: 'lower' },
    logLossGain: {
      unit: '1',
      doc: "Share of the log-loss of each package's mean damage rate (from the training part) that the model saves",
      better: 'higher',
    },
    auc: { unit: '1', doc: 'Area under the ROC curve over held-out shipments', better: 'higher' },
    averagePrecision: {
      unit: '1',
      doc: 'Area under the precision-recall curve over held-out shipments',
      better: 'higher',
    },
    baseRate: { unit: '1', doc: 'Share of damaged shipments in the held-out part', better: 'lower' },
    calibrationRatio: { unit: '1', doc: 'Predicted over observed damages in the held-out part', better: 'closer to 1' },
    ordinalityViolations: {
      unit: '1',
      doc: 'Share of adjacent package pairs where the more protective one is served a higher probability',
      better: 'lower',
    },
  },
  gates: [
    { metric: 'ordinalityViolations', atMost: 0 },
    { metric: 'logLossGain', atLeast: 0 },
    { metric: 'auc', atLeast: 0.55 },
    { metric: 'calibrationRatio', atLeast: 0.7 },
    { metric: 'calibrationRatio', atMost: 1.4 },
    { metric: 'logLoss', noWorseThanChampion: true },
  ],
  serving: {
    maxBatch: 16_384,
    timeoutMs: 2000,
    record: 1,
    fallback: 'MODEL_NOT_READY: no probabilities are made up',
    shadowTolerance: 0.01,
  },
  promotion: { policy: 'automatic' },
});
export type DamageModel = typeof damageModel;
