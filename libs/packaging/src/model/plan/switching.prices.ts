import type { Hulls } from './plan.types.ts';

/** A step along one product's hull, between positions in the catalogue. */
export interface SwitchingPrice {
  readonly from: number;
  readonly to: number;
  /** INR of shipping for each INR of damage saved at which the step pays. */
  readonly price: number;
}

/** The steps of one product, from its cheapest package to its safest; prices increase. */
export function switchingPrices({ offset, vertex, price }: Hulls, row: number): readonly SwitchingPrice[] {
  const first = offset[row]!;
  const steps = offset[row + 1]! - first - 1;
  return Array.from({ length: steps }, (_, step) => ({
    from: vertex[first + step]!,
    to: vertex[first + step + 1]!,
    price: price[first + step + 1]!,
  }));
}
