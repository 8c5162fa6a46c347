import type { Surroundings } from './surroundings.ts';

/** The law of one person's trajectory, everybody else's given. */
export interface Conditional {
  /** Computes the law from the surroundings; false where it leaves the range of this way of computing. */
  prepare(surroundings: Surroundings): boolean;
  /**
   * Logarithm of the weight of never being infected, and of the sum of the weights of all other trajectories, nat. The scale is absolute: without evidence
   * and contacts a weight is the prior probability.
   */
  lnNever(): number;
  lnInfected(): number;
  /** Draws a trajectory from three numbers in (0, 1), and leaves it in the fields. */
  draw(first: number, second: number, third: number): void;
  /** The same from the trajectories with an infection alone. */
  drawInfected(first: number, second: number, third: number): void;
  readonly exposed: number;
  readonly infectious: number;
  readonly removed: number;
  readonly lead: number;
  /** P(first in E on a day), the same of I and of R, for each day of the window: what `marginals` fills. */
  readonly entersE: Float64Array;
  readonly entersI: Float64Array;
  readonly entersR: Float64Array;
  marginals(): void;
}
