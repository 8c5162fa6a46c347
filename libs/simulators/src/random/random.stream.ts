import { philox4x32 } from './philox.ts';

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
      this.words.set([this.block++, this.index, this.purpose, 0]);
      philox4x32(this.words, this.seed >>> 0, Math.floor(this.seed / 0x1_0000_0000));
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
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.uniform() < p;
  }

  /** Uniform integer in [0, n). */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Successes in `trials`, by the waiting times between them: O(trials * min(p, 1 - p)) draws. */
  binomial(trials: number, p: number): number {
    if (p > 0.5) return trials - this.binomial(trials, 1 - p);
    if (p <= 0) return 0;
    const scale = Math.log1p(-p);
    let successes = 0;
    let last = 0;
    for (;;) {
      last += Math.floor(Math.log(this.uniform()) / scale) + 1;
      if (last > trials) return successes;
      successes++;
    }
  }
}
