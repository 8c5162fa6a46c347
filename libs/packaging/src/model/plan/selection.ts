import type { Chains } from './chains.ts';
import { orderByPrice, wordsOf } from './price.order.ts';

/** Sums over many products are rounded; a limit counts as kept within this share of it. */
export const LIMIT_TOLERANCE = 1e-12;
/** How far the search for the critical price stays below the limit, so that rounding never passes it. */
const SAFE_SHARE = 1e-11;
/** Edges that the greedy fill looks at, at the least, where there are as many. */
const FILL_EDGES = 4096;
const BINS = 0x10000;

/** The LP optimum rounded down, and the greedy fill of what it leaves. */
export interface Selection {
  /** Vertex of each product in the LP optimum without its one fractional step, [n]. */
  readonly lpVertex: Int32Array;
  /** The same after the fill. */
  readonly filledVertex: Int32Array;
  /** Least objective that any plan within the limit can have (the LP's value). */
  readonly lowerBound: number;
  /** Price of the step at which the limit binds; Infinity when every step fits. */
  readonly criticalPrice: number;
  /** Resource and objective of the filled plan. */
  readonly used: number;
  readonly value: number;
}

/** No plan keeps the limit. */
export interface Unreachable {
  /** Resource of the plan that takes the least. */
  readonly least: number;
}

/** A range of prices by the high bits of their doubles: the first 16 below the sign, then the next 16. */
interface CriticalBin {
  /** Key of the bin's first price: bits 62..31 of a double as an unsigned integer. */
  readonly from: number;
  /** Key before which the fill stops looking. */
  readonly fillTo: number;
}

/**
 * Where the resource of the steps in ascending price passes `capacity`, to one part in 2^21 of the price, without a sort: two
 * histograms of 65,536 bins (Dyer 1984 and Zemel 1984 find the same point by medians). Every step may fit.
 */
function criticalBin(chains: Chains, limit: number): CriticalBin | Unreachable | 'all fit' {
  const { rows, packages, resource, offset, vertex, price } = chains;
  const words = wordsOf(price);
  const weight = new Float64Array(BINS);
  const edges = new Uint32Array(BINS);
  let least = 0;
  for (let row = 0; row < rows; row++) {
    const from = row * packages;
    const last = offset[row + 1]!;
    let v = offset[row]!;
    let before = resource[from + vertex[v]!]!;
    least += before;
    for (v++; v < last; v++) {
      const after = resource[from + vertex[v]!]!;
      const bin = words[2 * v + 1]! >>> 15;
      weight[bin]! += after - before;
      edges[bin]! += 1;
      before = after;
    }
  }
  if (!(limit * (1 + LIMIT_TOLERANCE) >= least)) return { least };
  const capacity = limit - least - SAFE_SHARE * limit;
  let used = 0;
  let coarse = 0;
  while (coarse < BINS && used + weight[coarse]! <= capacity) used += weight[coarse++]!;
  if (coarse === BINS) return 'all fit';
  const inNextBins = coarse + 1 < BINS ? edges[coarse + 1]! : 0;

  weight.fill(0);
  edges.fill(0);
  for (let row = 0; row < rows; row++) {
    const from = row * packages;
    const last = offset[row + 1]!;
    for (let v = offset[row]! + 1; v < last; v++) {
      const high = words[2 * v + 1]!;
      if (high >>> 15 < coarse) continue;
      if (high >>> 15 > coarse) break;
      const bin = ((high & 0x7fff) << 1) | (words[2 * v]! >>> 31);
      weight[bin]! += resource[from + vertex[v]!]! - resource[from + vertex[v - 1]!]!;
      edges[bin]! += 1;
    }
  }
  let fine = 0;
  while (fine < BINS - 1 && used + weight[fine]! <= capacity) used += weight[fine++]!;
  let fill = fine;
  let seen = 0;
  while (fill < BINS && seen < FILL_EDGES) seen += edges[fill++]!;
  const from = coarse * BINS + fine;
  if (seen >= FILL_EDGES) return { from, fillTo: coarse * BINS + fill };
  return { from, fillTo: seen + inNextBins >= FILL_EDGES ? (coarse + 2) * BINS : BINS * BINS };
}

/**
 * Steps in ascending price until the limit binds, which is the LP optimum of the multiple-choice knapsack up to one fractional
 * step; then any later step that still fits.
 */
export function select(chains: Chains, limit: number): Selection | Unreachable {
  const { rows, packages, resource, objective, offset, vertex, price } = chains;
  const bin = criticalBin(chains, limit);
  if (bin !== 'all fit' && 'least' in bin) return bin;
  const words = wordsOf(price);
  const { from: criticalKey, fillTo } = bin === 'all fit' ? { from: BINS * BINS, fillTo: BINS * BINS } : bin;
  const lpVertex = new Int32Array(rows);
  const candidateRow: number[] = [];
  const candidateVertex: number[] = [];
  let used = 0;
  let value = 0;
  for (let row = 0; row < rows; row++) {
    const last = offset[row + 1]!;
    let next = offset[row]! + 1;
    while (next < last && keyAt(words, next) < criticalKey) next++;
    const chosen = next - 1;
    lpVertex[row] = chosen;
    used += resource[row * packages + vertex[chosen]!]!;
    value += objective[row * packages + vertex[chosen]!]!;
    for (; next < last && keyAt(words, next) < fillTo; next++) {
      candidateRow.push(row);
      candidateVertex.push(next);
    }
  }

  let filledVertex = lpVertex;
  let criticalPrice = Infinity;
  let lowerBound = value;
  let binds = false;
  const most = limit * (1 + LIMIT_TOLERANCE);
  const prices = Float64Array.from(candidateVertex, (v) => price[v]!);
  for (const e of orderByPrice(prices)) {
    const row = candidateRow[e]!;
    const v = candidateVertex[e]!;
    if (filledVertex[row] !== v - 1) continue;
    const before = row * packages + vertex[v - 1]!;
    const after = row * packages + vertex[v]!;
    const weight = resource[after]! - resource[before]!;
    if (!binds) {
      criticalPrice = prices[e]!;
      lowerBound = value - Math.max(0, limit - used) / criticalPrice;
    }
    if (used + weight <= most) {
      filledVertex[row] = v;
      used += weight;
      value += objective[after]! - objective[before]!;
    } else if (!binds) {
      binds = true;
      filledVertex = lpVertex.slice();
    }
  }
  return { lpVertex, filledVertex, lowerBound, criticalPrice, used, value };
}

/** Bits 62..31 of the double at `v`. */
function keyAt(words: Uint32Array, v: number): number {
  return words[2 * v + 1]! * 2 + (words[2 * v]! >>> 31);
}
