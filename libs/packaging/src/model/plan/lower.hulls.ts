import { noFeasiblePackage } from './cost.table.ts';
import type { CostTable, Hulls } from './plan.types.ts';

/**
 * Lower hulls of all products: the packages that are best for some price of damage (Sinha and Zoltners 1979). Of packages that cost
 * the same, the safer one is kept, then the first. O(n K^2) at the worst, near O(n K) where protection costs more.
 *
 * @throws NO_FEASIBLE_PACKAGE
 */
export function lowerHulls(table: CostTable): Hulls {
  const { rows, packages, shipping, damage, feasible } = table;
  const offset = new Int32Array(rows + 1);
  const vertex = new Uint8Array(rows * packages);
  const price = new Float64Array(rows * packages);
  const s = new Float64Array(packages);
  const g = new Float64Array(packages);
  const k = new Uint8Array(packages);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    const from = row * packages;
    let points = 0;
    for (let j = 0; j < packages; j++) {
      if (feasible[from + j] === 0) continue;
      const sj = shipping[from + j]!;
      const gj = damage[from + j]!;
      let at = points++;
      while (at > 0 && (s[at - 1]! > sj || (s[at - 1] === sj && g[at - 1]! > gj))) {
        s[at] = s[at - 1]!;
        g[at] = g[at - 1]!;
        k[at] = k[at - 1]!;
        at--;
      }
      s[at] = sj;
      g[at] = gj;
      k[at] = j;
    }
    if (points === 0) throw noFeasiblePackage(table, row);

    const start = end;
    vertex[end++] = k[0]!;
    let top = 0;
    // The stack of the hull lies in s and g: its height never passes the point that is read.
    for (let point = 1; point < points; point++) {
      const sp = s[point]!;
      const gp = g[point]!;
      if (gp >= g[top]!) continue;
      let step = (sp - s[top]!) / (g[top]! - gp);
      while (top > 0 && step <= price[end - 1]!) {
        top--;
        end--;
        step = (sp - s[top]!) / (g[top]! - gp);
      }
      top++;
      s[top] = sp;
      g[top] = gp;
      vertex[end] = k[point]!;
      price[end++] = step;
    }
    price[start] = 0;
    offset[row + 1] = end;
  }
  return { table, offset, vertex: vertex.subarray(0, end), price: price.subarray(0, end) };
}
