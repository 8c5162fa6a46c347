import { symmetricInverse } from './symmetric.inverse.ts';
import type { Curvature } from './transmission.likelihood.ts';

/** Sums over draws that standard errors are made of, as plain data. */
export interface ScoreSums {
  readonly complete: readonly number[];
  readonly products: readonly number[];
  readonly mean: readonly number[];
}

/** What curvatures over so many draws of trajectories say of standard errors: the information in complete trajectories less what is missing (Louis, JRSS B 44, 1982). */
export class ScoreMoments {
  readonly #size: number;
  readonly #draws: number;
  readonly #complete: Float64Array;
  readonly #products: Float64Array;
  readonly #mean: Float64Array;

  constructor(size: number, draws: number) {
    this.#size = size;
    this.#draws = draws;
    this.#complete = new Float64Array(size * size);
    this.#products = new Float64Array(size * size);
    this.#mean = new Float64Array(size);
  }

  add({ score, information }: Curvature): void {
    const [size, draws] = [this.#size, this.#draws];
    for (let i = 0; i < size; i++) {
      this.#mean[i]! += score[i]! / draws;
      for (let j = 0; j < size; j++) {
        this.#complete[i * size + j]! += information[i * size + j]! / draws;
        this.#products[i * size + j]! += (score[i]! * score[j]!) / draws;
      }
    }
  }

  get sums(): ScoreSums {
    return { complete: [...this.#complete], products: [...this.#products], mean: [...this.#mean] };
  }

  restore({ complete, products, mean }: ScoreSums): void {
    this.#complete.set(complete);
    this.#products.set(products);
    this.#mean.set(mean);
  }

  /**
   * Standard errors of the logarithms of the weights. Of a weight about which no information is left (nobody was exposed to it, or hardly anybody infected by
   * it) null, and the others as if it were known: least informed first, until what is left has an inverse.
   */
  lnErrors(): readonly (number | null)[] {
    const size = this.#size;
    const mean = this.#mean;
    const observed = this.#complete.map((value, at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      return value - (this.#products[at]! - mean[i]! * mean[j]!);
    });
    const left = (k: number) => observed[k * size + k]! / this.#complete[k * size + k]!;
    let told = Array.from({ length: size }, (_, k) => k)
      .filter((k) => left(k) > 0)
      .sort((a, b) => left(b) - left(a));
    const errors = new Array<number | null>(size).fill(null);
    for (; told.length > 0; told = told.slice(0, -1)) {
      const part = Float64Array.from(told.flatMap((i) => told.map((j) => observed[i * size + j]!)));
      const covariance = symmetricInverse(part, told.length);
      if (covariance === null) continue;
      told.forEach((k, at) => (errors[k] = Math.sqrt(covariance[at * told.length + at]!)));
      break;
    }
    return errors;
  }
}
