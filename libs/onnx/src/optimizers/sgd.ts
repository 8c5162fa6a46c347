import type { Value } from '../graph/graph.value.ts';
import { add, mul, neg } from '../functions/arithmetic.ts';
import { inTypeOf, mapped, named, slotName, slotsOf, type Optimizer } from './optimizer.ts';
import { rateAt, type Schedule } from './schedules.ts';

export interface SgdOptions {
  /** Share of the last update's direction that goes on, default 0. */
  readonly momentum?: number;
  /** Looks ahead along the momentum (Nesterov 1983), default false. */
  readonly nesterov?: boolean;
}

/** Stochastic gradient descent: m = momentum m + g; p = p - rate m. */
export function sgd(rate: Schedule, { momentum = 0, nesterov = false }: SgdOptions = {}): Optimizer {
  if (momentum === 0) return scaleByRate(rate);
  return {
    init: (parameters) => slotsOf('momentum', parameters),
    update: (gradients, state, parameters, step) => {
      const moved = mapped(gradients, (g, name) => add(mul(momentum, state[slotName('momentum', name)]!), g));
      const directions = nesterov ? mapped(gradients, (g, name) => add(g, mul(momentum, moved[name]!))) : moved;
      return {
        updates: scaleByRate(rate).update(directions, {}, parameters, step).updates,
        state: named('momentum', moved, (m: Value) => m),
      };
    },
  };
}

/** Turns directions into updates: minus the rate times each. */
export function scaleByRate(rate: Schedule): Optimizer {
  return {
    init: () => ({}),
    update: (gradients, _, __, step) => {
      const factor = neg(rateAt(rate, step));
      return { updates: mapped(gradients, (g) => mul(inTypeOf(g, factor), g)), state: {} };
    },
  };
}
