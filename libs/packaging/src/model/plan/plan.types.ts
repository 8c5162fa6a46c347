/**
 * Monthly cost of each product in each package type (research 1.7), row-major [n, K], INR. `feasible` says which entries count:
 * these are finite.
 */
export interface CostTable {
  readonly rows: number;
  readonly packages: number;
  /** S = demand * (material + freight). */
  readonly shipping: Float64Array;
  /** G = demand * probability * cost of one damaged unit. */
  readonly damage: Float64Array;
  /** 1 where the package takes the product and both costs are finite. */
  readonly feasible: Uint8Array;
}

/**
 * Lower convex hull of (shipping, damage) for every product. The vertices of product i are at
 * `offset[i] .. offset[i + 1] - 1`, from the cheapest to the safest.
 */
export interface Hulls {
  readonly table: CostTable;
  readonly offset: Int32Array;
  /** Package type of each vertex. */
  readonly vertex: Uint8Array;
  /**
   * Switching price of each vertex: INR of shipping paid for each INR of damage saved by stepping to it from the vertex before;
   * strictly increasing within a product, 0 at its first vertex.
   */
  readonly price: Float64Array;
}

export interface PlanTotals {
  /** INR a month. */
  readonly shipping: number;
  readonly damage: number;
}

/** `stopped-core`: the exact search met its limit of states; the gap says what is left. */
export type PlanMethod = 'exact' | 'stopped-core' | 'lp-greedy';

/** A package type for every product, with the certificate of how good it is. */
export interface Plan extends PlanTotals {
  /** Package type of each product, [n]. */
  readonly assignment: Uint8Array;
  /** What was made least: damage within a shipping budget, or shipping within a damage target. */
  readonly objective: 'damage' | 'shipping';
  /** No plan within the same limit has an objective below this, INR. */
  readonly lowerBound: number;
  /** (objective - lowerBound) / objective, in [0, 1]. */
  readonly gap: number;
  /** Marginal INR of shipping for each INR of damage saved; Infinity where nothing is left to save. */
  readonly lambda: number;
  readonly method: PlanMethod;
}

export type PlanLimit = { readonly budget: number } | { readonly damageTarget: number };

/** The whole trade-off: e + 1 plans from the cheapest to the safest, each one hull step from the one before. */
export interface Frontier {
  /** INR a month after k steps, strictly increasing, [e + 1]. */
  readonly shipping: Float64Array;
  /** Strictly decreasing and convex in `shipping`, [e + 1]. */
  readonly damage: Float64Array;
  /** Price of step k; 0 for the first entry, [e + 1]. */
  readonly lambda: Float64Array;
}
