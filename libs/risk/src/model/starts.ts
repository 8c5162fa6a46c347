import type { RiskProblem } from '../contract/index.ts';

/** A state in which somebody may be on the window's first day; see `InitialColumns`. */
export interface Start {
  readonly state: number;
  readonly age: number;
  readonly probability: number;
}

/** The rows of `problem.initial` by person. */
export function startsOf({ initial }: RiskProblem): ReadonlyMap<number, readonly Start[]> {
  const starts = new Map<number, Start[]>();
  for (let row = 0; row < (initial?.rows ?? 0); row++) {
    const { person, state, age, probability } = initial!;
    const own = starts.get(person[row]!) ?? [];
    if (own.length === 0) starts.set(person[row]!, own);
    own.push({ state: state[row]!, age: age[row]!, probability: probability[row]! });
  }
  return starts;
}
