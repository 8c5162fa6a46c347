import { philox4x32 } from './philox.ts';

const { PI, cos, floor, log, log1p, sin, sqrt } = Math;

/** Draws of one stream of one seed. Two streams never share a word, so what one reads does not move another. */
export class RandomStream {
  private readonly words = new Uint32Array(4);
  private next = 4;
  private block = 0;
  private spare = Number.NaN;

  /**
   * @param seed non-negative safe integer
   * @param purpose what the draws are for, unsigned 32-bit
   * @param index which of the things of that purpose, unsigned 32-bit
   */
  constructor(
    private readonly seed: number,
    private readonly purpose: number,
    private readonly index: number,
  ) {}

  /** Uniform on (0, 1), never an end: a multiple of 2^-33. */
  uniform(): number {
    if (this.next === 4) {
      const { words } = this;
      words[0] = this.block++;
      words[1] = this.index;
      words[2] = this.purpose;
      words[3] = 0;
      philox4x32(words, this.seed >>> 0, floor(this.seed / 0x1_0000_0000));
      this.next = 0;
    }
    return (this.words[this.next++]! + 0.5) / 0x1_0000_0000;
  }

  /** Standard normal, by the transform of Box and Muller (1958). */
  normal(): number {
    const kept = this.spare;
    if (!Number.isNaN(kept)) {
      this.spare = Number.NaN;
      return kept;
    }
    const radius = sqrt(-2 * log(this.uniform()));
    const angle = 2 * PI * this.uniform();
    this.spare = radius * sin(angle);
    return radius * cos(angle);
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.uniform() < p;
  }

  /** Uniform integer in [0, n). */
  below(n: number): number {
    return floor(this.uniform() * n);
  }

  /** Successes in `trials`, by the waiting times between them: O(trials * min(p, 1 - p)) draws. */
  binomial(trials: number, p: number): number {
    if (p > 0.5) return trials - this.binomial(trials, 1 - p);
    if (p <= 0) return 0;
    const scale = log1p(-p);
    let successes = 0;
    let last = 0;
    for (;;) {
      last += floor(log(this.uniform()) / scale) + 1;
      if (last > trials) return successes;
      successes++;
    }
  }
}
