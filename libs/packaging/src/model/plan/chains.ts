import type { Hulls } from './plan.types.ts';

/**
 * Hulls as a knapsack: each product starts at its first vertex, the one that takes the least of the resource, and may step along
 * its chain; `price` is the resource that a step takes for each unit by which it lowers the objective, increasing along a chain.
 */
export interface Chains {
  readonly rows: number;
  readonly packages: number;
  readonly resource: Float64Array;
  readonly objective: Float64Array;
  readonly feasible: Uint8Array;
  readonly offset: Int32Array;
  readonly vertex: Uint8Array;
  readonly price: Float64Array;
}

/** Spend shipping to lower damage. */
export function chainsForBudget({ table, offset, vertex, price }: Hulls): Chains {
  const { rows, packages, feasible } = table;
  return { rows, packages, feasible, resource: table.shipping, objective: table.damage, offset, vertex, price };
}

/** Allow damage to lower shipping: the same hulls, walked from the safest vertex. */
export function chainsForDamageTarget({ table, offset, vertex, price }: Hulls): Chains {
  const { rows, packages, feasible } = table;
  const reversedVertex = new Uint8Array(vertex.length);
  const reversedPrice = new Float64Array(price.length);
  for (let row = 0; row < rows; row++) {
    const first = offset[row]!;
    const last = offset[row + 1]! - 1;
    for (let v = first; v <= last; v++) {
      const from = last - (v - first);
      reversedVertex[v] = vertex[from]!;
      reversedPrice[v] = v === first ? 0 : 1 / price[from + 1]!;
    }
  }
  return {
    rows,
    packages,
    feasible,
    resource: table.damage,
    objective: table.shipping,
    offset,
    vertex: reversedVertex,
    price: reversedPrice,
  };
}
