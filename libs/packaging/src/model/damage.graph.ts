import {
  add,
  apply,
  buildModel,
  cast,
  clip,
  concat,
  constant,
  float64,
  gather,
  input,
  ints,
  matmul,
  maximum,
  mul,
  sigmoid,
  sub,
  unsqueeze,
  type Value,
} from '@haat/onnx';
import { damageFeatures, numericFeatures, type DamageFeature, type NumericFeature } from '../features/index.ts';
import { categoryTerms, modifierTerms, type DamageParameters } from './damage.parameters.ts';
import { modifierPositions } from './design.terms.ts';

/**
 * The served graph: columns [n] in, `probability` float64 [n, K] out. Everything after the inputs is float64, where the sigmoid is
 * monotone; modifiers are clipped to [0, 1] and steps are sums of non-negative products, so that whatever comes in, a row
 * never rises. The same parameters give the same bytes.
 */
export function damageGraph(parameters: DamageParameters): Uint8Array {
  const inputs = Object.fromEntries(
    Object.entries(damageFeatures).map(([name, { dtype }]) => [name, input(name, dtype, ['n'])]),
  ) as Record<DamageFeature, Value>;
  const { dense, effect } = termsOf(inputs, parameters);

  const weights = parameters.terms.map(({ weight }) => weight);
  const centred = parameters.terms.reduce((sum, { mean, weight }) => sum - mean * weight, parameters.intercept);
  const linear = matmul(dense, constant(float64(weights, [weights.length, 1])));
  const base = add(linear, effect, centred);

  const protection = apply('CumSum', [stepsOf(dense, parameters), ints(1)]);
  const logits = concat([base, sub(base, protection)], 1);
  return buildModel({
    name: 'packaging/damage',
    inputs: Object.values(inputs),
    outputs: { probability: sigmoid(logits) },
  });
}

/** Dense terms [n, denseTerms] and the category's effect [n, 1]. */
function termsOf(
  inputs: Record<DamageFeature, Value>,
  { vocabulary, effect }: DamageParameters,
): { dense: Value; effect: Value } {
  const { names, fragility } = vocabulary;
  const label = apply('LabelEncoder', [inputs.category], {
    // The operator wants at least one key; without a vocabulary every category is the one that is not listed.
    keys_strings: names.length > 0 ? names : ['unknown'],
    values_int64s: names.length > 0 ? names.map((_, index) => index) : [0],
    default_int64: names.length,
  });
  const lookUp = (table: readonly number[]) => column(gather(constant(float64(table)), label));

  const numeric = concat(
    numericFeatureNames.map((name) => column(inputs[name])),
    1,
  );
  const fragile = lookUp(fragility);
  const weight = maximum(wide(column(inputs.log_weight)), -1);
  const byCategory: Record<(typeof categoryTerms)[number], Value> = {
    category_fragility: fragile,
    category_fragility_weight: mul(fragile, weight),
    category_fragility_dense: mul(fragile, wide(column(inputs.density_above_1))),
  };
  return {
    dense: concat([wide(numeric), ...categoryTerms.map((term) => byCategory[term])], 1),
    effect: lookUp(effect),
  };
}

const numericFeatureNames = Object.keys(numericFeatures) as NumericFeature[];

/** Protection steps gamma . z, [n, K - 1], never negative. */
function stepsOf(dense: Value, { steps }: DamageParameters): Value {
  const v = clip(gather(dense, ints(...modifierPositions), 1), 0, 1);
  const matrix = (offset: number) =>
    constant(
      float64(
        modifierTerms.flatMap((_, k) => steps.map((gamma) => gamma[1 + 2 * k + offset]!)),
        [modifierTerms.length, steps.length],
      ),
    );
  const always = constant(float64(steps.map((gamma) => gamma[0]!)));
  return add(matmul(v, matrix(0)), matmul(sub(1, v), matrix(1)), always);
}

function column(value: Value): Value {
  return unsqueeze(value, 1);
}

function wide(value: Value): Value {
  return cast(value, 'float64');
}
