import type { RiskProblem, SymptomParameters } from '../../contract/index.ts';

/**
 * How much more probable the reports of somebody are with this first day of being infectious than without infection. The onset is reported
 * with probability `reported`, `delay` days later; besides, every day has a false report with probability `falseReports`. A day with the
 * onset's report has one either way, so that 1 stands against `falseReports`; a day without one refutes it. Of an onset before
 * the window it is taken that nothing was reported before.
 *
 * @param onset day; below 0 before the window
 * @param reports days of reports, each once
 */
export function onsetRatio(
  { reported, falseReports, delay }: SymptomParameters,
  onset: number,
  days: number,
  reports: readonly number[],
): number {
  let later = 0;
  let before = 0;
  for (let d = 0; d < delay.length; d++) {
    if (onset + d >= days) later += delay[d]!;
    if (onset + d < 0) before += delay[d]!;
  }
  let ratio = 1 - reported + reported * later;
  for (const day of reports) ratio += (reported * (delay[day - onset] ?? 0)) / falseReports;
  return ratio / (1 - reported * before);
}

/** Days on which each person reported symptoms, each day once, ascending. */
export function reportsOf({ symptoms: { rows, person, day } }: RiskProblem): ReadonlyMap<number, readonly number[]> {
  const days = new Map<number, Set<number>>();
  for (let row = 0; row < rows; row++) {
    const own = days.get(person[row]!) ?? new Set();
    if (own.size === 0) days.set(person[row]!, own);
    own.add(day[row]!);
  }
  return new Map([...days].map(([who, own]) => [who, [...own].sort((a, b) => a - b)]));
}
