import { riskError } from '../../contract/index.ts';

/** Counts below this are looked up without a hash. */
const SMALL = 256;

/**
 * What a contact can do in one direction, numbered: the units of each channel that add up on one day. Class 0 is no exposure, as the way back of
 * a directed contact has.
 */
export class ExposureClasses {
  readonly #channels: number;
  readonly #most: number;
  readonly #counts: number[][];
  readonly #known = new Map<string, number>();
  readonly #small: Int32Array;
  readonly #sums = new Map<number, number>();

  /** @param most how many classes an entry of the index can tell apart */
  constructor(channels: number, most: number) {
    this.#channels = channels;
    this.#most = most;
    this.#small = new Int32Array(channels * SMALL).fill(-1);
    this.#counts = [new Array<number>(channels).fill(0)];
  }

  /** The class of a count of one channel. */
  of(channel: number, count: number): number {
    const place = channel * SMALL + count;
    if (count < SMALL && this.#small[place]! >= 0) return this.#small[place]!;
    const counts = new Array<number>(this.#channels).fill(0);
    counts[channel] = count;
    const number = this.#numberOf(counts);
    if (count < SMALL) this.#small[place] = number;
    return number;
  }

  /** The class of two exposures of one direction and day. */
  sum(a: number, b: number): number {
    if (a === 0 || b === 0) return a + b;
    const key = Math.min(a, b) * 2 ** 26 + Math.max(a, b);
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const number = this.#numberOf(this.#counts[a]!.map((count, channel) => count + this.#counts[b]![channel]!));
    this.#sums.set(key, number);
    return number;
  }

  /** [classes, channels]: units of each. */
  counts(): Float64Array {
    return Float64Array.from(this.#counts.flat());
  }

  #numberOf(counts: number[]): number {
    const key = counts.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = this.#counts.length;
    if (number >= this.#most) {
      const expected = `at most ${this.#most - 1} different exposures`;
      throw riskError(
        'TOO_MANY_EXPOSURES',
        `Contacts: expected ${expected} of a pair and day beside so many persons, got more: make counts coarser`,
        { expected, most: this.#most },
      );
    }
    this.#counts.push(counts);
    this.#known.set(key, number);
    return number;
  }
}
