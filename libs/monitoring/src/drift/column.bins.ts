import type { Column, FeatureSpec } from '@haat/kit';

/** Bins of one feature, taken from the reference: edges of quantiles, or the most frequent texts. */
export type Bins =
  | { readonly kind: 'quantiles'; readonly edges: Float64Array }
  | { readonly kind: 'categories'; readonly texts: readonly string[] };

/** Bins at the most. */
const binCount = 10;

/**
 * Bins of a reference column. Numbers: bin k holds what is above edge k - 1 and not above edge k, and each has about the same
 * share, ties apart. Texts: the nine most frequent, by frequency and then by name, and one bin for all others.
 */
export function binsOf(column: Column, spec: Pick<FeatureSpec, 'missing'>): Bins {
  if (isText(column)) {
    const counts = new Map<string, number>();
    for (const text of column) if (text !== spec.missing) counts.set(text, (counts.get(text) ?? 0) + 1);
    const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return { kind: 'categories', texts: sorted.slice(0, binCount - 1).map(([text]) => text) };
  }
  const present = new Float64Array(column.length);
  let rows = 0;
  for (let i = 0; i < column.length; i += 1) {
    const value = Number(column[i]);
    if (Number.isFinite(value)) present[rows++] = value;
  }
  const sorted = present.subarray(0, rows).sort();
  const last = sorted.at(-1);
  const edges = new Set<number>();
  for (let k = 1; k < binCount; k += 1) edges.add(sorted[Math.floor((k * (sorted.length - 1)) / binCount)]!);
  return { kind: 'quantiles', edges: Float64Array.from([...edges].filter((edge) => edge < last!)) };
}

/** The bin of each row of a column; -1 for a number that is not finite, and for the text that stands for what is missing. */
export function binOfRows(bins: Bins, column: Column, { missing }: Pick<FeatureSpec, 'missing'>): Int8Array {
  const binOf = new Int8Array(column.length);
  if (bins.kind === 'quantiles') {
    for (let row = 0; row < binOf.length; row += 1) binOf[row] = quantileOf(bins.edges, Number(column[row]));
    return binOf;
  }
  const others = bins.texts.length;
  const at = new Map(bins.texts.map((text, bin) => [text, bin]));
  if (missing !== undefined) at.set(missing, -1);
  for (let row = 0; row < binOf.length; row += 1) binOf[row] = at.get(String(column[row])) ?? others;
  return binOf;
}

/** How many bins there are. */
export const binsIn = (bins: Bins) => (bins.kind === 'quantiles' ? bins.edges : bins.texts).length + 1;

/** Names of the bins, for people. */
export function binLabels(bins: Bins): string[] {
  if (bins.kind === 'categories') return [...bins.texts, 'other'];
  const edges = Array.from(bins.edges, (edge) => String(Number(edge.toPrecision(4))));
  if (edges.length === 0) return ['all'];
  return [`<= ${edges[0]}`, ...edges.slice(1).map((edge) => `<= ${edge}`), `> ${edges.at(-1)}`];
}

/** The first edge that the value does not exceed, by halving. */
function quantileOf(edges: Float64Array, value: number): number {
  if (!Number.isFinite(value)) return -1;
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

const isText = (column: Column): column is readonly string[] => Array.isArray(column);
