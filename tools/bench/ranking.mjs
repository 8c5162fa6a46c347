/**
 * Area under the curve of true against false positive rate: P(a random one of `positive` has a higher score than a random other one), ties counting half.
 * @param chosen rows that take part
 */
export function areaUnderCurve(scores, positive, chosen) {
  const sorted = [...chosen].sort((a, b) => scores[a] - scores[b]);
  let ranks = 0;
  let positives = 0;
  for (let first = 0; first < sorted.length;) {
    let last = first;
    while (last < sorted.length && scores[sorted[last]] === scores[sorted[first]]) last++;
    const rank = (first + last + 1) / 2;
    for (let at = first; at < last; at++) {
      if (!positive(sorted[at])) continue;
      positives++;
      ranks += rank;
    }
    first = last;
  }
  const negatives = sorted.length - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
