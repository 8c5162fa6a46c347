import { categories, demand, fragility, price, type CategoryTraits } from './packaging.constants.ts';
import { categoryEffects } from './category.effects.ts';
import type { KnownProduct } from './packaging.world.ts';
import type { RandomStream } from '../random/random.stream.ts';
import { streamOf } from './streams.ts';

/** Attributes of one product, drawn or known, with the hidden fragility. `shipments` is over the whole history. */
export interface DrawnProduct {
  readonly product_id: string;
  readonly category: string;
  readonly weight_g: number;
  readonly length_cm: number;
  readonly width_cm: number;
  readonly height_cm: number;
  readonly price_inr: number;
  readonly fragile: boolean;
  readonly liquid: boolean;
  readonly current_package: string | null;
  readonly demand: number;
  readonly hiddenFragility: number;
  readonly shipments: number;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const clip = (x: number) => Math.min(1, Math.max(0, x));
const round = (x: number, digits: number) => Math.round(x * 10 ** digits) / 10 ** digits;

const frequencies = categories.reduce<number[]>((sums, { frequency }) => [...sums, (sums.at(-1) ?? 0) + frequency], []);

/** A made-up product: a category by frequency, log-normal weight and density, sides by the category's proportions. */
function madeUp(row: number, stream: RandomStream): KnownProduct {
  const at = stream.uniform() * frequencies.at(-1)!;
  const traits: CategoryTraits = categories[frequencies.findIndex((sum) => at < sum)]!;
  const weight = Math.min(
    45_000,
    Math.max(10, Math.round(traits.weightG * Math.exp(traits.weightSd * stream.normal()))),
  );
  const volume = (weight / traits.density) * Math.exp(0.35 * stream.normal());
  const thin = traits.thin[0] + (traits.thin[1] - traits.thin[0]) * stream.uniform();
  const wide = Math.max(thin, 0.5 + 0.45 * stream.uniform());
  const length = (volume / (wide * thin)) ** (1 / 3);
  const side = (share: number) => Math.min(150, Math.max(0.5, round(length * share, 1)));
  return {
    product_id: `p${String(row + 1).padStart(6, '0')}`,
    category: traits.name,
    weight_g: weight,
    length_cm: side(1),
    width_cm: side(wide),
    height_cm: side(thin),
  };
}

/**
 * Products in row order; product i depends on the seed and on i alone. The hidden fragility is drawn until it agrees with a flag
 * that is known (at most 200 times).
 */
export function* drawProducts(
  seed: number,
  products: number | readonly KnownProduct[],
  days: number,
): Generator<DrawnProduct> {
  const effectsOf = categoryEffects(seed);
  const rows = typeof products === 'number' ? products : products.length;
  for (let row = 0; row < rows; row++) {
    const stream = streamOf(seed, 'attributes', row);
    const known = typeof products === 'number' ? madeUp(row, stream) : products[row]!;
    const category = known.category || 'unknown';
    const effects = effectsOf(category);
    const kg = known.weight_g / 1000;
    const drawnPrice = Math.exp(
      price.intercept + price.weight * Math.log(kg + price.shift) + effects.price + price.productSd * stream.normal(),
    );
    const drawnShipments = Math.ceil(Math.exp(demand.mean + demand.sd * stream.normal()));
    const shipments = known.demand == null ? drawnShipments : Math.round((known.demand * days) / 30);
    const drawnLiquid = stream.chance(effects.liquid);
    let hidden = 0;
    let flag = false;
    for (let attempt = 0; attempt < 200; attempt++) {
      hidden = clip(effects.fragility + fragility.productSd * stream.normal());
      flag = stream.chance(sigmoid(fragility.flagSlope * (hidden - fragility.flagCentre)));
      if (known.fragile == null || known.fragile === flag) break;
    }
    yield {
      product_id: known.product_id,
      category,
      weight_g: known.weight_g,
      length_cm: known.length_cm,
      width_cm: known.width_cm,
      height_cm: known.height_cm,
      price_inr: known.price_inr ?? Math.max(1, Math.round(drawnPrice)),
      fragile: known.fragile ?? flag,
      liquid: known.liquid ?? drawnLiquid,
      current_package: known.current_package ?? null,
      demand: known.demand ?? round((shipments * 30) / days, 3),
      hiddenFragility: hidden,
      shipments,
    };
  }
}
