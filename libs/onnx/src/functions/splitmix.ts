import { apply, constant, scalar } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { int64 } from '../graph/tensor.ts';
import { add, cast, div, mul } from './arithmetic.ts';
import { sizes } from './layout.ts';

/**
 * Chance as a function: the 32 bits that belong to a place, a seed and a step, by the mixing of splitmix32. No generator has a
 * state, so that a run that goes on from a checkpoint draws what it would have drawn.
 */
const increment = 0x9e3779b9;
const multipliers = [0x21f0aaad, 0x735a2d97] as const;

/** [0, 1) for each of `count` places. */
export function uniformNumbers(seed: number, count: number): Float64Array {
  const numbers = new Float64Array(count);
  for (let place = 0; place < count; place++) {
    numbers[place] = mixed((seed | 0) + Math.imul(place + 1, increment)) / 2 ** 32;
  }
  return numbers;
}

/** [0, 1) for one place. */
export function uniformAt(seed: number, place: number): number {
  return mixed((seed | 0) + Math.imul(place + 1, increment)) / 2 ** 32;
}

/** A seed for a name below another seed: layers draw apart whatever order they are made in. */
export function seedFor(seed: number, name: string): number {
  return [...name].reduce((hash, letter) => mixed(hash ^ letter.codePointAt(0)!), mixed(seed));
}

function mixed(state: number): number {
  const a = Math.imul(state ^ (state >>> 16), multipliers[0]);
  const b = Math.imul(a ^ (a >>> 15), multipliers[1]);
  return (b ^ (b >>> 15)) >>> 0;
}

/** In the graph: [0, 1) for each element of x, float32, by its place, a seed and a step (int64 []). */
export function uniformLike(x: Value, seed: number, step: Value): Value {
  const whole = (value: number) => constant(int64([value], []));
  const low = (value: Value) => apply('BitwiseAnd', [value, whole(2 ** 32 - 1)]);
  const folded = (value: Value, shift: number) => apply('BitwiseXor', [value, div(value, 2 ** shift)]);
  const mix = (state: Value) => {
    const a = low(mul(folded(state, 16), multipliers[0]));
    return folded(low(mul(folded(a, 15), multipliers[1])), 15);
  };
  const places = apply('Range', [whole(0), apply('Size', [x]), whole(1)]);
  const start = mix(low(add(mix(low(step)), seed >>> 0)));
  const bits = mix(low(add(start, mul(add(places, 1), increment))));
  const fraction = mul(cast(bits, 'float64'), scalar('float64', 2 ** -32));
  return cast(apply('Reshape', [fraction, sizes(x.shape, [x])], { allowzero: true }), 'float32');
}
