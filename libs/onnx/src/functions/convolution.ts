import { apply } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import type { ConvAttributes, PoolAttributes, WindowAttributes } from '../operators/convolution.signatures.ts';
import { max, mean } from './reduction.ts';

/** One number for every spatial axis, or one for each. */
type PerAxis = number | readonly number[];

export interface WindowOptions {
  /** How far the window moves, default 1. */
  readonly stride?: PerAxis;
  /** Zeros on both sides, default 0; 'same' adds so many that (at stride 1) sizes stay, the odd one after. */
  readonly padding?: PerAxis | 'same';
  /** Distance between the elements of the window, default 1. */
  readonly dilation?: PerAxis;
}

export interface ConvOptions extends WindowOptions {
  /** Channels are convolved in so many groups apart, default 1; as many as there are channels: depthwise. */
  readonly groups?: number;
  /** [M], added to each channel of the result. */
  readonly bias?: Value;
}

/** Convolution (cross-correlation) of x: [n, C, ...] with w: [M, C / groups, ...kernel] -> [n, M, ...], float32. */
export function conv(x: Value, w: Value, options: ConvOptions = {}): Value {
  return apply('Conv', [x, w, options.bias], convAttributes(x, w, options));
}

/** The transpose of `conv`: x: [n, C, ...], w: [C, M / groups, ...kernel] -> [n, M, ...], float32. */
export function convTranspose(
  x: Value,
  w: Value,
  options: ConvOptions & { /** Rows added at the end, below the stride. */ readonly outputPadding?: PerAxis } = {},
): Value {
  const output_padding = perAxis(options.outputPadding ?? 0, x.shape.length - 2);
  return apply('ConvTranspose', [x, w, options.bias], { ...convAttributes(x, w, options), output_padding });
}

/** The largest element of each window of `kernel`; by default windows lie side by side. x: [n, C, ...]. */
export function maxPool(x: Value, kernel: PerAxis, options: WindowOptions = {}): Value {
  return apply('MaxPool', [x], poolAttributes(x, kernel, options));
}

/** The mean of each window over what it covers of x; by default windows lie side by side. x: [n, C, ...], float32. */
export function averagePool(x: Value, kernel: PerAxis, options: WindowOptions = {}): Value {
  return apply('AveragePool', [x], { ...poolAttributes(x, kernel, options), count_include_pad: false });
}

/** The mean over all spatial axes: [n, C, ...] -> [n, C]. */
export function globalAveragePool(x: Value): Value {
  return mean(x, spatialAxes(x));
}

/** The largest element over all spatial axes: [n, C, ...] -> [n, C]. */
export function globalMaxPool(x: Value): Value {
  return max(x, spatialAxes(x));
}

function spatialAxes({ shape }: Value): number[] {
  return shape.slice(2).map((_, i) => i + 2);
}

function convAttributes(x: Value, w: Value, options: ConvOptions): ConvAttributes {
  return { ...windowAttributes(x, w.shape.slice(2).map(Number), options, 1), group: options.groups ?? 1 };
}

function poolAttributes(x: Value, kernel: PerAxis, options: WindowOptions): PoolAttributes {
  const kernel_shape = perAxis(kernel, x.shape.length - 2);
  return { ...windowAttributes(x, kernel_shape, options, kernel), kernel_shape };
}

function windowAttributes(
  { shape }: Value,
  kernel: readonly number[],
  { stride, padding = 0, dilation = 1 }: WindowOptions,
  defaultStride: PerAxis,
): WindowAttributes {
  const spatial = shape.length - 2;
  const strides = perAxis(stride ?? defaultStride, spatial);
  const dilations = perAxis(dilation, spatial);
  if (padding !== 'same') {
    const pads = perAxis(padding, spatial);
    return { strides, pads: [...pads, ...pads], dilations };
  }
  const missing = strides.map((step, i) => {
    const size = Number(shape[i + 2]);
    const reach = dilations[i]! * (kernel[i]! - 1) + 1;
    return Math.max(0, (Math.ceil(size / step) - 1) * step + reach - size);
  });
  const before = missing.map((count) => Math.floor(count / 2));
  return { strides, pads: [...before, ...missing.map((count, i) => count - before[i]!)], dilations };
}

function perAxis(given: PerAxis, spatial: number): readonly number[] {
  return typeof given === 'number' ? Array.from({ length: spatial }, () => given) : given;
}
