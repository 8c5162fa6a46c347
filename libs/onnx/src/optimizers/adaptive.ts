import { scalar } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { add, div, mul, neg, pow, sqrt, square, sub } from '../functions/arithmetic.ts';
import { countOf, inTypeOf, mapped, named, slotName, slotsOf, type Optimizer } from './optimizer.ts';
import { rateAt, type Schedule } from './schedules.ts';

export interface AdamOptions {
  /** Shares of the old in the running mean of gradients (default 0.9) and of their squares (default 0.999). */
  readonly beta1?: number;
  readonly beta2?: number;
  /** Added to the root of the mean square, default 1e-8. */
  readonly epsilon?: number;
  /** Share of a parameter, times the rate, that each step takes away; default 0.01. */
  readonly weightDecay?: number;
  /** Which parameters decay, default all. */
  readonly decays?: (name: string) => boolean;
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019). The state holds M and V, sums of which the means are (1 - beta)
 * times: M = beta1 M + g, V = beta2 V + g^2; these factors and the bias corrections are folded into two numbers of the step.
 */
export function adamW(
  rate: Schedule,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01, decays = () => true }: AdamOptions = {},
): Optimizer {
  return {
    init: (parameters) => ({ ...slotsOf('m', parameters), ...slotsOf('v', parameters) }),
    update: (gradients, state, parameters, step) => {
      const count = countOf(step);
      const meanFactor = (beta: number) => div(1 - beta, sub(1, pow(scalar('float64', beta), count)));
      const root = sqrt(meanFactor(beta2));
      const eta = rateAt(rate, step);
      const size = neg(div(mul(eta, meanFactor(beta1)), root));
      const guard = div(epsilon, root);
      const decay = neg(mul(eta, weightDecay));
      const m = mapped(gradients, (g, name) => add(mul(beta1, state[slotName('m', name)]!), g));
      const v = mapped(gradients, (g, name) => add(mul(beta2, state[slotName('v', name)]!), square(g)));
      const updates = mapped(gradients, (g, name) => {
        const toward = mul(inTypeOf(g, size), div(m[name]!, add(sqrt(v[name]!), inTypeOf(g, guard))));
        if (weightDecay === 0 || !decays(name)) return toward;
        return add(toward, mul(inTypeOf(g, decay), parameters[name]!));
      });
      return { updates, state: { ...named('m', m, same), ...named('v', v, same) } };
    },
  };
}

export interface AdaGradOptions {
  /** What the sums of squares begin with, default 0. */
  readonly initial?: number;
  /** Added to their root, default 1e-10. */
  readonly epsilon?: number;
}

/** AdaGrad (Duchi et al. 2011): s = s + g^2; p = p - rate g / (sqrt s + epsilon). */
export function adaGrad(rate: Schedule, { initial = 0, epsilon = 1e-10 }: AdaGradOptions = {}): Optimizer {
  return {
    rows: () => ({ rate, initial, epsilon }),
    init: (parameters) => slotsOf('squares', parameters, initial),
    update: (gradients, state, _, step) => {
      const factor = neg(rateAt(rate, step));
      const squares = mapped(gradients, (g, name) => add(state[slotName('squares', name)]!, square(g)));
      return {
        updates: mapped(gradients, (g, name) => mul(inTypeOf(g, factor), div(g, add(sqrt(squares[name]!), epsilon)))),
        state: named('squares', squares, same),
      };
    },
  };
}

const same = (value: Value) => value;
