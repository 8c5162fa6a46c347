import { apply, constant } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { refusalOf } from '../graph/refusal.ts';
import { filled, float32 } from '../graph/tensor.ts';
import { div } from '../functions/arithmetic.ts';
import { sum } from '../functions/reduction.ts';
import type { ConvolutionSignatures } from '../operators/convolution.signatures.ts';
import { fixedSizes } from '../operators/convolution.rules.ts';
import { fixedSize } from '../operators/shape.algebra.ts';
import type { Applied, GradientRules } from './gradient.rule.ts';

export const convolutionGradients: GradientRules<keyof ConvolutionSignatures> = {
  Conv: [
    (dy, { operands: [x, w], attributes }) =>
      apply('ConvInputGradient', [dy, w], { ...attributes, sizes: fixedSizes(x, 'x', refusalOf('Conv')) }),
    (dy, { operands: [x, w], attributes }) =>
      apply('ConvWeightGradient', [x, dy], { ...attributes, kernel_shape: fixedSizes(w, 'w', refusalOf('Conv')) }),
    (dy) => perChannel(dy),
  ],
  ConvTranspose: [
    (dy, { operands: [, w], attributes: { output_padding: _, ...attributes } }) => apply('Conv', [dy, w], attributes),
    (dy, { operands: [x, w], attributes: { output_padding: _, ...attributes } }) =>
      apply('ConvWeightGradient', [dy, x], {
        ...attributes,
        kernel_shape: fixedSizes(w, 'w', refusalOf('ConvTranspose')),
      }),
    (dy) => perChannel(dy),
  ],
  MaxPool: [(dy, { operands: [x], attributes }) => apply('MaxPoolGradient', [x, dy], attributes)],
  MaxPoolIndices: 'a place has no slope',
  AveragePool: [averagePoolGradient],
};

/** [n, M, ...] -> [M] */
function perChannel(dy: Value): Value {
  return sum(
    dy,
    dy.shape.map((_, axis) => axis).filter((axis) => axis !== 1),
  );
}

/** The mean is a depthwise convolution with ones, over how many elements each window covers. */
function averagePoolGradient(
  dy: Value,
  { operands: [x], attributes: { kernel_shape, count_include_pad, ...window } }: Applied<'AveragePool'>,
): Value {
  const refuse = refusalOf('AveragePool');
  const channels = fixedSize(x.shape[1]!, 'x', 1, refuse);
  const sizes = fixedSizes(x, 'x', refuse);
  const covered = sizes.map((size, i) =>
    Array.from({ length: Number(dy.shape[i + 2]) }, (_, at) => {
      const first = at * window.strides[i]! - window.pads[i]!;
      const taps = Array.from({ length: kernel_shape[i]! }, (_, tap) => first + tap * window.dilations[i]!);
      return count_include_pad ? taps.length : taps.filter((place) => place >= 0 && place < size).length;
    }),
  );
  const counts = covered.reduce((outer, inner) => outer.flatMap((a) => inner.map((b) => a * b)), [1]);
  const count = constant(float32(counts, [1, 1, ...dy.shape.slice(2).map(Number)]));
  const ones = constant(filled('float32', [channels, 1, ...kernel_shape], 1));
  return apply('ConvInputGradient', [div(dy, count), ones], { ...window, group: channels, sizes });
}
