import type { Hulls } from './plan.types.ts';

/** A step along one product's hull. */
export interface SwitchingPrice {
  readonly from: number;
  readonly to: number;
  /** INR of shipping for each INR of damage saved at which the step pays. */
  readonly price: number;
}

/** The steps of one product, from its cheapest package to its safest. */
export function switchingPrices(hulls: Hulls, row: number): readonly SwitchingPrice[] {
  throw new Error(`not built yet ${hulls.table.rows} ${row}`);
}
