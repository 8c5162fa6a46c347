/** The distinct values that occur at least `minCount` times, in ascending order of their code points. */
export function frequentValues(values: Iterable<string>, minCount: number): readonly string[] {
  const count = new Map<string, number>();
  for (const value of values) count.set(value, (count.get(value) ?? 0) + 1);
  return [...count].flatMap(([value, times]) => (times >= minCount ? [value] : [])).sort();
}

/**
 * Mean of `measure` by group, shrunk towards the mean of all rows as if each group had `prior` more rows of that mean,
 * [groups]. `group[i]` is in [0, groups).
 */
export function shrunkenMeans(
  group: Int32Array,
  measure: ArrayLike<number>,
  groups: number,
  prior: number,
): Float64Array {
  const sum = new Float64Array(groups);
  const count = new Float64Array(groups);
  let total = 0;
  for (let i = 0; i < group.length; i++) {
    sum[group[i]!]! += measure[i]!;
    count[group[i]!]! += 1;
    total += measure[i]!;
  }
  const mean = group.length === 0 ? 0 : total / group.length;
  return sum.map((value, g) => (value + prior * mean) / (count[g]! + prior));
}
