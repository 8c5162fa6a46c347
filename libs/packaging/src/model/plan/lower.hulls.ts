import { noFeasiblePackage } from './cost.table.ts';
import type { CostTable, Hulls } from './plan.types.ts';

/**
 * Lower hulls of all products: the packages that are best for some price of damage (Sinha and Zoltners 1979). Of packages that cost
 * the same, the safer one is kept, then the first. O(n K^2) at the worst, near O(n K) where protection costs more.
 *
 * @throws NO_FEASIBLE_PACKAGE
 */
export function lowerHulls(table: CostTable): Hulls {
  const { rows, packages, shipping, damage } = table;
  const offset = new Int32Array(rows + 1);
  const vertex = new Uint8Array(rows * packages);
  const price = new Float64Array(rows * packages);
  const order = new Uint8Array(packages);
  // The hull of the product at hand, as a stack.
  const s = new Float64Array(packages);
  const g = new Float64Array(packages);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    const from = row * packages;
    const points = orderByShipping(order, table, from);
    if (points === 0) throw noFeasiblePackage(table, row);
    const start = end;
    let top = 0;
    let sTop = shipping[from + order[0]!]!;
    let gTop = damage[from + order[0]!]!;
    s[0] = sTop;
    g[0] = gTop;
    vertex[end] = order[0]!;
    price[end++] = 0;
    for (let point = 1; point < points; point++) {
      const k = order[point]!;
      const gp = damage[from + k]!;
      if (gp >= gTop) continue;
      const sp = shipping[from + k]!;
      let step = (sp - sTop) / (gTop - gp);
      while (end - 1 > start && step <= price[end - 1]!) {
        end--;
        top--;
        step = (sp - s[top]!) / (g[top]! - gp);
      }
      top++;
      s[top] = sTop = sp;
      g[top] = gTop = gp;
      vertex[end] = k;
      price[end++] = step;
    }
    offset[row + 1] = end;
  }
  return { table, offset, vertex: vertex.subarray(0, end), price: price.subarray(0, end) };
}

/** Packages that take the product, by shipping, then damage, then position; how many there are. */
function orderByShipping(into: Uint8Array, { packages, shipping, damage, feasible }: CostTable, from: number): number {
  let points = 0;
  let sLast = -Infinity;
  let gLast = -Infinity;
  for (let k = 0; k < packages; k++) {
    if (feasible[from + k] === 0) continue;
    const sk = shipping[from + k]!;
    const gk = damage[from + k]!;
    let at = points++;
    if (sk > sLast || (sk === sLast && gk >= gLast)) {
      sLast = sk;
      gLast = gk;
    } else {
      while (at > 0) {
        const before = from + into[at - 1]!;
        if (shipping[before]! < sk || (shipping[before] === sk && damage[before]! <= gk)) break;
        into[at] = into[at - 1]!;
        at--;
      }
    }
    into[at] = k;
  }
  return points;
}
