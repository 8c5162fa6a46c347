import { uniforms } from '../random/threefry.ts';

/** [persons]: a number in (0, 1) for each, which says nothing: what any way of ranking has to beat. */
export function randomScores(persons: number, seed: number): Float64Array {
  return Float64Array.from({ length: persons }, uniforms(seed, 31));
}
