import { riskError } from '../../contract/index.ts';

/** Counts below this are looked up without a hash. */
const SMALL = 256;

/**
 * What a contact can do, numbered: the units of each channel that add up on one day, in either direction. Each class has a mirror, its own or another: what
 * the other one's end of the same contact is.
 */
export class ExposureClasses {
  readonly #channels: number;
  readonly #most: number;
  readonly #there: (readonly number[])[] = [];
  readonly #mirror: number[] = [];
  readonly #known = new Map<string, number>();
  readonly #small: Int32Array;
  readonly #sums = new Map<number, number>();

  /** @param most how many classes an entry of the index can tell apart */
  constructor(channels: number, most: number) {
    this.#channels = channels;
    this.#most = most;
    this.#small = new Int32Array(2 * channels * SMALL).fill(-1);
  }

  /** Classes so far. */
  get size(): number {
    return this.#there.length;
  }

  /** The class of a count of one channel, for who exposed the other. */
  of(channel: number, count: number, mutual: number): number {
    const place = (mutual * this.#channels + channel) * SMALL + count;
    if (count < SMALL && this.#small[place]! >= 0) return this.#small[place]!;
    const counts = new Array<number>(this.#channels).fill(0);
    const there = counts.with(channel, count);
    const number = this.#numberOf(there, mutual === 1 ? there : counts);
    if (count < SMALL) this.#small[place] = number;
    return number;
  }

  /** The class of the same contact's other end. */
  mirror(of: number): number {
    return this.#mirror[of]!;
  }

  /** The class of two exposures of one pair and day, from the same end. */
  sum(a: number, b: number): number {
    const key = Math.min(a, b) * 2 ** 26 + Math.max(a, b);
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const number = this.#numberOf(
      added(this.#there[a]!, this.#there[b]!),
      added(this.#there[this.#mirror[a]!]!, this.#there[this.#mirror[b]!]!),
    );
    this.#sums.set(key, number);
    return number;
  }

  /** [classes, channels]: units of each. */
  counts(): Float64Array {
    return Float64Array.from(this.#there.flat());
  }

  /** [classes]: the mirror of each. */
  mirrors(): Uint32Array {
    return Uint32Array.from(this.#mirror);
  }

  #numberOf(there: readonly number[], back: readonly number[]): number {
    const known = this.#known.get(`${there.join()}|${back.join()}`);
    if (known !== undefined) return known;
    const number = this.#add(there, back);
    const same = there.every((count, channel) => count === back[channel]);
    this.#mirror[number] = same ? number : this.#add(back, there);
    this.#mirror[this.#mirror[number]!] = number;
    return number;
  }

  #add(there: readonly number[], back: readonly number[]): number {
    const number = this.#there.length;
    if (number >= this.#most) {
      const expected = `at most ${this.#most} different exposures`;
      throw riskError(
        'TOO_MANY_EXPOSURES',
        `Contacts: expected ${expected} of a pair and day beside so many persons, got more: make counts coarser`,
        { expected, most: this.#most },
      );
    }
    this.#there.push(there);
    this.#known.set(`${there.join()}|${back.join()}`, number);
    return number;
  }
}

function added(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.map((count, channel) => count + b[channel]!);
}
