import { apply } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { operandsOf, topological } from '../graph/graph.walk.ts';
import { buildModel } from '../graph/model.builder.ts';
import { isReal, type Tensors, type TensorType } from '../graph/tensor.ts';
import { concat, reshape } from '../functions/layout.ts';
import { mul, not } from '../functions/arithmetic.ts';
import { trainingStep } from '../functions/dropout.ts';
import { sum } from '../functions/reduction.ts';
import { gradients } from '../gradients/reverse.mode.ts';
import { partsOf, type Objective } from './training.step.ts';

/**
 * Where numbers stop being finite, as a graph: for a batch, bags of tables, `step`, parameters and states (by their names) the output
 * `finite` says of each of `places`, in the order in which they are computed, whether all of its numbers are. The first that is not
 * is the culprit.
 */
export interface Diagnosis {
  readonly model: Uint8Array;
  readonly batch: Readonly<Record<string, TensorType>>;
  /** Names of the bags, parameters and states that it takes. */
  readonly tensors: readonly string[];
  /** `Gemm of first/weight, first/bias`; `Exp after third/weight`; `gradient of first/weight`. */
  readonly places: readonly string[];
}

/** Errors: INVALID_GRAPH as for a training step. */
export function compileDiagnosis(objective: Objective): Diagnosis {
  const { inputs, told, cut, parameters: weights, states } = partsOf({ loss: objective.loss });
  const [loss] = told as [Value];
  const leaves = [...weights, ...states];
  const parameters = { ...Object.fromEntries(weights.map((value) => [value.origin.name, value])), ...cut.bags };
  const forward = topological([loss]).filter(({ dtype, origin }) => origin.kind === 'operator' && isReal(dtype));
  const names = placesOf(forward);
  const slopes = Object.entries(gradients(loss, parameters));
  const checked = [...forward, ...slopes.map(([, slope]) => slope)];
  const finite = concat([...checked, loss].map(allFinite), 0);
  return {
    model: buildModel({
      name: 'diagnosis',
      inputs: [...inputs, ...Object.values(cut.bags), trainingStep, ...leaves],
      outputs: { finite },
    }),
    batch: Object.fromEntries(inputs.map(({ origin, dtype, shape }) => [origin.name, { dtype, shape }])),
    tensors: [...Object.keys(cut.bags), ...leaves.map(({ origin }) => origin.name)],
    places: [...forward.map((value) => names.get(value)!), ...slopes.map(([name]) => `gradient of ${name}`), 'loss'],
  };
}

/** The first place that is not finite, from the results of a diagnosis; null when all are. */
export function culpritOf({ places }: Diagnosis, { finite }: Tensors): string | null {
  const at = Array.from<unknown>(finite!.data).findIndex((each) => Number(each) === 0);
  return at < 0 ? null : places[at]!;
}

/** 0 times a number is 0, but of an infinity or what is no number it is no number. */
function allFinite(x: Value): Value {
  return reshape(not(apply('IsNaN', [sum(mul(x, 0))])), [1]);
}

/** Each operator with the parameters that it works on, or else the one before it. */
function placesOf(forward: readonly Value[]): ReadonlyMap<Value, string> {
  const reached = new Map<Value, string>();
  const places = new Map<Value, string>();
  for (const value of forward) {
    if (value.origin.kind !== 'operator') continue;
    const operands = operandsOf(value);
    const own = operands.flatMap(({ origin }) => (origin.kind === 'parameter' ? [origin.name] : []));
    const before = operands.map((operand) => reached.get(operand)).find((name) => name !== undefined);
    const last = own[0] ?? before;
    if (last !== undefined) reached.set(value, last);
    const { operator } = value.origin.application;
    places.set(
      value,
      own.length > 0 ? `${operator} of ${own.join(', ')}` : operator + (before ? ` after ${before}` : ''),
    );
  }
  return places;
}
