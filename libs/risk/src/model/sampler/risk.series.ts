/** Batches of the series of each person; the first half of them is the first half of the chain. */
export const SERIES_BATCHES = 16;

/** Mean, spread and batch means of each person's P(E or I) on the last day, over the sweeps of one chain. */
export class RiskSeries {
  /** [2, persons]: sum and sum of squares of each half of the chain. */
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  /** [batches, persons]: sums. */
  readonly batches: Float32Array;
  /** [batches]: sweeps in each. */
  readonly sweeps: Uint32Array;
  readonly #persons: number;

  constructor(persons: number) {
    this.#persons = persons;
    this.sum = new Float64Array(new SharedArrayBuffer(persons * 16));
    this.squares = new Float64Array(new SharedArrayBuffer(persons * 16));
    this.batches = new Float32Array(new SharedArrayBuffer(persons * SERIES_BATCHES * 4));
    this.sweeps = new Uint32Array(new SharedArrayBuffer(SERIES_BATCHES * 4));
  }

  add(batch: number, person: number, risk: number): void {
    const half = batch < SERIES_BATCHES / 2 ? person : this.#persons + person;
    this.sum[half]! += risk;
    this.squares[half]! += risk * risk;
    this.batches[batch * this.#persons + person]! += risk;
  }
}
