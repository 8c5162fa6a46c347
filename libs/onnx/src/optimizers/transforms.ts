import { add, cast, clip, div, maximum, mul, sqrt, square } from '../functions/arithmetic.ts';
import { sum } from '../functions/reduction.ts';
import type { Value, Values } from '../graph/graph.value.ts';
import { inTypeOf, mapped, named, slotName, type Optimizer } from './optimizer.ts';

/** The root of the sum of all squares, float64 []. */
export function globalNorm(values: Values): Value {
  const squares = Object.values(values).map((value) => cast(sum(square(value)), 'float64'));
  return sqrt(squares.reduce((total, each) => add(total, each)));
}

/** Gradients whose global norm is above `most` are scaled down to it (Pascanu et al. 2013). */
export function clipByGlobalNorm(most: number): Optimizer {
  return stateless((gradients) => {
    const factor = div(most, maximum(globalNorm(gradients), most));
    return mapped(gradients, (g) => mul(g, inTypeOf(g, factor)));
  });
}

/** Every number of a gradient kept in [-most, most]. */
export function clipByValue(most: number): Optimizer {
  return stateless((gradients) => mapped(gradients, (g) => clip(g, -most, most)));
}

/**
 * Last in a chain: keeps average = decay average + (1 - decay) new parameter (Polyak and Juditsky 1992), as the state
 * `average/<parameter>`; see `averagesOf`.
 */
export function weightAverage(decay: number): Optimizer {
  return {
    init: (parameters) => named('average', parameters, (tensor) => tensor),
    update: (updates, state, parameters) => ({
      updates,
      state: named('average', updates, (update, name) =>
        add(mul(decay, state[slotName('average', name)]!), mul(1 - decay, add(parameters[name]!, update))),
      ),
    }),
  };
}

function stateless(each: (gradients: Values) => Values): Optimizer {
  return { init: () => ({}), update: (gradients) => ({ updates: each(gradients), state: {} }) };
}
