/** Speed of a fit, from moments that are handed in, in ms. */
export interface Pace {
  readonly rowsPerSecond: number;
  /** Share of the time in which the runtime had to wait for its batch, in [0, 1]. */
  readonly waiting: number;
  readonly secondsLeft: number | null;
}

/** Measures between two reports: speed over the last stretch, not over the whole. */
export class PaceMeter {
  #from: number;
  #rows = 0;
  #steps = 0;
  #waited = 0;

  constructor(now: number) {
    this.#from = now;
  }

  /** A step is done. */
  step(rows: number): void {
    this.#rows += rows;
    this.#steps++;
  }

  /** There was no batch for so long, ms, to train on or to evaluate. */
  waited(time: number): void {
    this.#waited += time;
  }

  elapsed(now: number): number {
    return now - this.#from;
  }

  /** The pace since the last reading. */
  read(now: number, stepsLeft: number): Pace {
    const elapsed = Math.max(this.elapsed(now), 1e-6);
    const pace = {
      rowsPerSecond: (1_000 * this.#rows) / elapsed,
      waiting: Math.min(this.#waited / elapsed, 1),
      secondsLeft: this.#steps === 0 ? null : (stepsLeft * elapsed) / this.#steps / 1_000,
    };
    [this.#from, this.#rows, this.#steps, this.#waited] = [now, 0, 0, 0];
    return pace;
  }
}
