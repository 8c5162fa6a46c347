import type { RiskProblem } from '../../contract/index.ts';
import { exposureWeights } from '../exposure.weights.ts';

/** What one person does to another on one day, all channels and rows together. */
export interface PairExposure {
  readonly from: number;
  readonly to: number;
  readonly day: number;
  /** Nat: minus the logarithm of P(escape) of a susceptible person, at infectivity 1. */
  readonly weight: number;
}

/** The exposures of a problem that act within its window, rows of one pair, direction and day added up. */
export function pairExposures({ days, parameters, contacts }: RiskProblem): readonly PairExposure[] {
  const weights = exposureWeights(parameters);
  const sums = new Map<string, PairExposure>();
  const add = (from: number, to: number, day: number, weight: number): void => {
    const key = `${from} ${to} ${day}`;
    sums.set(key, { from, to, day, weight: weight + (sums.get(key)?.weight ?? 0) });
  };
  for (const { rows, from, to, day, channel, count, mutual } of contacts) {
    for (let row = 0; row < rows; row++) {
      if (day[row]! >= days - 1) continue;
      const weight = weights[channel[row]!]! * count[row]!;
      add(from[row]!, to[row]!, day[row]!, weight);
      if (mutual[row] === 1) add(to[row]!, from[row]!, day[row]!, weight);
    }
  }
  return [...sums.values()];
}
