import type { RiskProblem } from '../contract/index.ts';

/** P(infection from outside) on the way to each day, an array of the window's days for each region. */
export function externalRates({ days, parameters: { external } }: RiskProblem): readonly Float64Array[] {
  return typeof external === 'number'
    ? [new Float64Array(days).fill(external)]
    : external.map((byDay) => Float64Array.from(byDay));
}
