import { orderByPrice } from './price.order.ts';
import type { Frontier, Hulls } from './plan.types.ts';

/** Every plan on the LP's frontier: one sort of all steps by price and running sums. */
function wholeFrontier({ table, offset, vertex, price }: Hulls): Frontier {
  const { rows, packages } = table;
  const edges = vertex.length - rows;
  const prices = new Float64Array(edges);
  const moreShipping = new Float64Array(edges);
  const lessDamage = new Float64Array(edges);
  const shipping = new Float64Array(edges + 1);
  const damage = new Float64Array(edges + 1);
  const lambda = new Float64Array(edges + 1);
  for (let row = 0, e = 0; row < rows; row++) {
    const first = row * packages + vertex[offset[row]!]!;
    shipping[0]! += table.shipping[first]!;
    damage[0]! += table.damage[first]!;
    for (let v = offset[row]! + 1; v < offset[row + 1]!; v++, e++) {
      const from = row * packages + vertex[v - 1]!;
      const to = row * packages + vertex[v]!;
      prices[e] = price[v]!;
      moreShipping[e] = table.shipping[to]! - table.shipping[from]!;
      lessDamage[e] = table.damage[from]! - table.damage[to]!;
    }
  }
  const order = orderByPrice(prices);
  for (let step = 0; step < edges; step++) {
    const e = order[step]!;
    shipping[step + 1] = shipping[step]! + moreShipping[e]!;
    damage[step + 1] = damage[step]! - lessDamage[e]!;
    lambda[step + 1] = prices[e]!;
  }
  return { shipping, damage, lambda };
}

/** Last step whose shipping is at most `budget`, by bisection; 0 when even the cheapest plan is dearer. */
function stepWithin(shipping: Float64Array, budget: number): number {
  let low = 0;
  let high = shipping.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (shipping[middle]! <= budget) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The trade-off between shipping and damage, convex and falling: all its plans, or `points` of them (at least 2, fewer where two fall
 * together) at even steps of shipping, with both ends.
 */
export function frontier(hulls: Hulls, points?: number): Frontier {
  const whole = wholeFrontier(hulls);
  if (points === undefined) return whole;
  if (!Number.isSafeInteger(points) || points < 2) throw new RangeError(`frontier: at least 2 points, got ${points}`);
  const last = whole.shipping.length - 1;
  const least = whole.shipping[0]!;
  const most = whole.shipping[last]!;
  const steps = new Set([0]);
  for (let point = 1; point < points - 1; point++) {
    steps.add(stepWithin(whole.shipping, least + ((most - least) * point) / (points - 1)));
  }
  steps.add(last);
  const at = [...steps];
  return {
    shipping: Float64Array.from(at, (step) => whole.shipping[step]!),
    damage: Float64Array.from(at, (step) => whole.damage[step]!),
    lambda: Float64Array.from(at, (step) => whole.lambda[step]!),
  };
}
