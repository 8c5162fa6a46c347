import type { PackageCatalogue } from '../contract/index.ts';
import { numericFeatures, stepModifiers, type NumericFeature } from '../features/index.ts';

/** Terms that the category brings: its fragility (share of its products with the flag), alone and with weight and density. */
export const categoryTerms = ['category_fragility', 'category_fragility_weight', 'category_fragility_dense'] as const;

export type DenseTerm = NumericFeature | (typeof categoryTerms)[number];

/** Every term of the base severity but the category's own effect, in the order of the parameters. */
export const denseTerms: readonly DenseTerm[] = [
  ...(Object.keys(numericFeatures) as NumericFeature[]),
  ...categoryTerms,
];

/** Dense terms v in [0, 1] that enter a protection step as v and 1 - v. */
export const modifierTerms = [...stepModifiers, 'category_fragility'] as const satisfies readonly DenseTerm[];

/** What makes up a protection step: z = (1, v, 1 - v, ...), each in [0, 1]. */
export const stepTerms: readonly string[] = ['always', ...modifierTerms.flatMap((term) => [term, `not ${term}`])];

/** The categories that the model tells apart. A category that is not listed has the last entry of each table. */
export interface CategoryVocabulary {
  readonly names: readonly string[];
  /** Share of the category's products that carry the flag `fragile`, shrunk to the mean, [names + 1]. */
  readonly fragility: readonly number[];
}

/**
 * A fitted model, in log-odds of damage (calibration included):
 *
 *     logit[i, j] = intercept + sum_k weight_k (x_ik - mean_k) + effect[category_i] - sum_{t <= j} gamma_t . z_i
 *
 * with z in [0, 1] and gamma >= 0, so that a more protective package never has a higher logit (research 1.2).
 */
export interface DamageParameters {
  readonly intercept: number;
  readonly terms: readonly { readonly term: DenseTerm; readonly mean: number; readonly weight: number }[];
  readonly vocabulary: CategoryVocabulary;
  /** Effect of each category, the last for those that are not listed, [names + 1]. */
  readonly effect: readonly number[];
  /** gamma, [K - 1][stepTerms], all >= 0: step t leads from package t to package t + 1. */
  readonly steps: readonly (readonly number[])[];
  /** The Platt calibration on real training rows that the parameters above include; slope > 0. */
  readonly calibration: { readonly offset: number; readonly slope: number };
}

/** What a reader of the artifact needs beside the graph. */
export interface DamageContext {
  readonly catalogue: PackageCatalogue;
  readonly parameters: DamageParameters;
}
