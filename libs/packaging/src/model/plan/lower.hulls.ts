import type { CostTable, Hulls } from './plan.types.ts';

/** Lower hulls of all products in O(n K log K). Throws NO_FEASIBLE_PACKAGE. */
export function lowerHulls(table: CostTable): Hulls {
  throw new Error(`not built yet ${table.rows}`);
}
