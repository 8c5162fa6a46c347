import type { Conditional } from './conditional.ts';

/** Up to so many values sums have 64 bits; beyond, 32, which are exact to about 1e-6 over thousands of sweeps. */
const WIDE_VALUES = 2 ** 23;

/** Values of one batch of marginals. */
export function marginalValues(persons: number, days: number): number {
  return persons * days * 3;
}

/**
 * Sums over sweeps of the probabilities that a person enters E, I and R on each day: of the conditional laws, not of draws from them (Rao-Blackwell).
 * In batches, whose differences say how exact the mean is.
 */
export class MarginalSums {
  readonly days: number;
  /** [batches, persons, 3, days]. */
  readonly sums: Float64Array | Float32Array;
  /** [batches]: sweeps that each holds. */
  readonly sweeps: Uint32Array;
  readonly #stride: number;

  constructor(
    persons: number,
    days: number,
    batches: number,
    sums?: Float64Array | Float32Array,
    sweeps?: Uint32Array,
  ) {
    const values = marginalValues(persons, days) * batches;
    this.days = days;
    this.#stride = persons * days * 3;
    this.sums = sums ?? sharedSums(values);
    this.sweeps = sweeps ?? new Uint32Array(new SharedArrayBuffer(batches * 4));
  }

  add(batch: number, person: number, { entersE, entersI, entersR }: Conditional): void {
    const { sums, days } = this;
    const at = batch * this.#stride + person * 3 * days;
    for (let day = 0; day < days; day++) sums[at + day]! += entersE[day]!;
    for (let day = 0; day < days; day++) sums[at + days + day]! += entersI[day]!;
    for (let day = 0; day < days; day++) sums[at + 2 * days + day]! += entersR[day]!;
  }
}

function sharedSums(values: number): Float64Array | Float32Array {
  return values <= WIDE_VALUES
    ? new Float64Array(new SharedArrayBuffer(values * 8))
    : new Float32Array(new SharedArrayBuffer(values * 4));
}
