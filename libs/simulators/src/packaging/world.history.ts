import { history, packageTypes } from './packaging.constants.ts';
import type { ProductShape } from './product.shape.ts';
import type { DrawnProduct } from './world.products.ts';
import type { RandomStream } from '../random/random.stream.ts';

/** Positions of the package types that take the product, from the least protective. */
export function packagesThatTake(shape: ProductShape): number[] {
  return packageTypes.flatMap((type, k) =>
    shape.kg <= type.max_kg && shape.shortest <= (type.max_thickness_cm ?? Infinity) ? [k] : [],
  );
}

function nearest(positions: readonly number[], wanted: number): number {
  return positions.reduce((best, k) => (Math.abs(k - wanted) < Math.abs(best - wanted) ? k : best));
}

/** How a product was packed: its main package, and the one of some of its shipments (the same where there is none). */
export interface Packing {
  readonly main: number;
  readonly second: number;
}

/**
 * What the packers chose, seeing the hidden fragility. `known` is the position of the package that is known to be used, or -1.
 * `positions` must not be empty.
 */
export function choosePacking(
  product: DrawnProduct,
  shape: ProductShape,
  positions: readonly number[],
  known: number,
  stream: RandomStream,
): Packing {
  const score =
    history.intercept +
    history.flag * Number(product.fragile) +
    history.liquid * Number(product.liquid) +
    history.weight * shape.heavy +
    history.price * (Math.log(product.price_inr) - history.priceCentre) +
    history.fragility * product.hiddenFragility +
    history.noise * stream.normal();
  const main = known >= 0 ? known : nearest(positions, score);
  const near = positions.filter((k) => k !== main && Math.abs(k - main) <= 2);
  const other = near[stream.below(near.length)] ?? main;
  return { main, second: stream.chance(history.secondType) ? other : main };
}
