import { scalar } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { add, cast, clip, cos, div, less, mul, sub, where } from '../functions/arithmetic.ts';

/** The learning rate at a step: float64 [] from int64 [], or the same number always. */
export type Schedule = number | ((step: Value) => Value);

/** The rate of a schedule at a step, float64 []. */
export function rateAt(schedule: Schedule, step: Value): Value {
  return typeof schedule === 'number' ? scalar('float64', schedule) : schedule(step);
}

export interface CosineOptions {
  readonly peak: number;
  /** Steps from the first to the one that has the last rate. */
  readonly steps: number;
  /** Steps over which the rate rises evenly from peak / warmup to its peak, default 0. */
  readonly warmup?: number;
  /** The last rate, default 0. */
  readonly last?: number;
}

/** An even rise, then half a cosine down (Loshchilov and Hutter 2017); the last rate ever after. */
export function cosine({ peak, steps, warmup = 0, last = 0 }: CosineOptions): Schedule {
  return (step) => {
    const at = cast(step, 'float64');
    const falling = between(peak, last, div(sub(at, warmup), Math.max(1, steps - warmup)));
    if (warmup === 0) return falling;
    return where(less(at, warmup), mul(peak / warmup, add(at, 1)), falling);
  };
}

export interface OneCycleOptions {
  readonly peak: number;
  readonly steps: number;
  /** Share of the steps in which the rate rises, default 0.3. */
  readonly rise?: number;
  /** The first rate is the peak over this, default 25. */
  readonly firstDivisor?: number;
  /** The last rate is the first over this, default 1e4. */
  readonly lastDivisor?: number;
}

/** Half a cosine up, half a cosine down (Smith and Topin 2019); the last rate ever after. */
export function oneCycle({ peak, steps, rise = 0.3, firstDivisor = 25, lastDivisor = 1e4 }: OneCycleOptions): Schedule {
  const first = peak / firstDivisor;
  const top = Math.max(1, rise * steps - 1);
  return (step) => {
    const at = cast(step, 'float64');
    const rising = between(first, peak, div(at, top));
    const falling = between(peak, first / lastDivisor, div(sub(at, top), Math.max(1, steps - 1 - top)));
    return where(less(at, top), rising, falling);
  };
}

/** Half a cosine from one number to another while `progress` goes from 0 to 1. */
function between(from: number, to: number, progress: Value): Value {
  const weight = mul(0.5, add(1, cos(mul(Math.PI, clip(progress, 0, 1)))));
  return add(to, mul(from - to, weight));
}
