import type { Batch, FeatureSpec } from '@haat/kit';
import type { ProductFacts } from '../contract/index.ts';

const number = (unit: string, doc: string) => ({ dtype: 'float32', unit, doc }) as const satisfies FeatureSpec;

/** Numbers about a product that the damage model reads, in the order of its parameters. All finite for valid facts. */
export const numericFeatures = {
  log_weight: number('ln kg', 'Logarithm of the weight'),
  weight_above_1kg: number('ln kg', 'Logarithm of the weight above one kilogram, 0 below: heavy goods fall harder'),
  log_longest: number('ln cm', 'Logarithm of the longest side'),
  log_thickness: number('ln cm', 'Logarithm of the shortest side'),
  log_density: number('ln g/cm3', 'Logarithm of weight over volume'),
  density_above_1: number('ln g/cm3', 'Logarithm of the density above that of water, 0 below'),
  log_price: number('ln INR', 'Logarithm of the price'),
  fragile: number('1', "The catalogue's flag: breaks easily, 0 or 1"),
  liquid: number('1', "The catalogue's flag: holds a liquid, 0 or 1"),
  fragile_weight: number('ln kg', 'log_weight (at least -1) where fragile, else 0'),
  fragile_dense: number('ln g/cm3', 'density_above_1 where fragile, else 0'),
  liquid_weight: number('ln kg', 'log_weight (at least -1) where liquid, else 0'),
  heaviness: number('1', 'Weight between 50 g (0) and 20 kg (1) on a logarithmic scale, in [0, 1]'),
  flatness: number('1', 'One minus the shortest side over the geometric mean of the other two, in [0, 1]'),
} as const satisfies Record<string, FeatureSpec>;

export type NumericFeature = keyof typeof numericFeatures;

/** Every input of the served graph. */
export const damageFeatures = {
  category: {
    dtype: 'string',
    unit: '',
    missing: 'unknown',
    doc: 'Category; all that the model does not list (too few products in training, or none) share one effect',
  },
  ...numericFeatures,
} as const satisfies Record<string, FeatureSpec>;

export type DamageFeature = keyof typeof damageFeatures;

/**
 * Measures in [0, 1] by which a protection step may grow or shrink (z of research 1.2). Each goes in with its complement
 * 1 - v; `categoryFragility` is the share of the product's category that carries the flag `fragile`, which the graph looks up.
 */
export const stepModifiers = [
  'heaviness',
  'flatness',
  'fragile',
  'liquid',
] as const satisfies readonly NumericFeature[];

const lightestLn = Math.log(0.05);
const heavinessSpan = Math.log(20) - lightestLn;

/** Facts [n] to the columns of the served graph, each [n]. Pure: a row's columns depend on that row alone. */
export function damageColumns(facts: ProductFacts): Batch<DamageFeature> {
  const { rows } = facts;
  const column = () => new Float32Array(rows);
  const columns = {
    category: facts.category,
    log_weight: column(),
    weight_above_1kg: column(),
    log_longest: column(),
    log_thickness: column(),
    log_density: column(),
    density_above_1: column(),
    log_price: column(),
    fragile: column(),
    liquid: column(),
    fragile_weight: column(),
    fragile_dense: column(),
    liquid_weight: column(),
    heaviness: column(),
    flatness: column(),
  } satisfies Record<DamageFeature, unknown>;
  for (let i = 0; i < rows; i++) {
    const [length, width, height] = [facts.lengthCm[i]!, facts.widthCm[i]!, facts.heightCm[i]!];
    const volume = length * width * height;
    const longest = Math.max(length, width, height);
    const thickness = Math.min(length, width, height);
    const logWeight = Math.log(facts.weightG[i]! / 1000);
    const logDensity = Math.log(facts.weightG[i]! / volume);
    const dense = Math.max(0, logDensity);
    const fragile = facts.fragile[i]!;
    const liquid = facts.liquid[i]!;
    columns.log_weight[i] = logWeight;
    columns.weight_above_1kg[i] = Math.max(0, logWeight);
    columns.log_longest[i] = Math.log(longest);
    columns.log_thickness[i] = Math.log(thickness);
    columns.log_density[i] = logDensity;
    columns.density_above_1[i] = dense;
    columns.log_price[i] = Math.log(facts.priceInr[i]!);
    columns.fragile[i] = fragile;
    columns.liquid[i] = liquid;
    columns.fragile_weight[i] = fragile * Math.max(-1, logWeight);
    columns.fragile_dense[i] = fragile * dense;
    columns.liquid_weight[i] = liquid * Math.max(-1, logWeight);
    columns.heaviness[i] = within01((logWeight - lightestLn) / heavinessSpan);
    columns.flatness[i] = within01(1 - thickness / Math.sqrt(volume / thickness));
  }
  return { rows, columns };
}

function within01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
