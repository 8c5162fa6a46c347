import { apply } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { add, div, mul, sqrt, square, sub } from './arithmetic.ts';
import { reshape } from './layout.ts';
import { mean, type Axes } from './reduction.ts';

export interface Affine {
  /** What the normalised value is multiplied with, and what is added; default 1 and 0. */
  readonly scale?: Value;
  readonly bias?: Value;
  /** Added to the variance, default 1e-5. */
  readonly epsilon?: number;
}

/** Mean 0 and variance 1 over the last axis (Ba et al. 2016). x: [..., d], scale and bias: [d]. */
export function layerNorm(x: Value, { scale, bias, epsilon }: Affine = {}): Value {
  return affine(standardised(x, -1, epsilon), scale, bias);
}

/** Mean 0 and variance 1 over the channels of each group and space (Wu and He 2018). x: [n, C, ...], scale and bias: [C]. */
export function groupNorm(x: Value, groups: number, { scale, bias, epsilon }: Affine = {}): Value {
  const [rows, channels, ...sizes] = x.shape;
  const grouped = reshape(x, [rows!, groups, Number(channels) / groups, ...sizes]);
  const axes = grouped.shape.map((_, axis) => axis).slice(2);
  const normal = reshape(standardised(grouped, axes, epsilon), x.shape);
  return affine(normal, scale && perChannel(scale, x), bias && perChannel(bias, x));
}

/** The running mean and variance of each channel, [C], declared as states. */
export interface RunningStatistics {
  readonly mean: Value;
  readonly variance: Value;
  /** Share of the old in what is carried on, default 0.9. */
  readonly momentum?: number;
}

/** Whether a graph is to be trained or to serve: what the two differ in, layers ask for. */
export type Pass = 'training' | 'serving';

/**
 * Mean 0 and variance 1 of each channel over batch and space (Ioffe and Szegedy 2015), x: [n, C, ...]. In training by the batch's
 * own, and the running statistics go on to `momentum` old + (1 - momentum) new (of the biased variance); in serving by the running ones.
 */
export function batchNorm(
  x: Value,
  running: RunningStatistics,
  pass: Pass,
  { scale, bias, epsilon = 1e-5 }: Affine = {},
): Value {
  const channel = (value: Value) => perChannel(value, x);
  const [gain, shift] = [scale && channel(scale), bias && channel(bias)];
  if (pass === 'serving') {
    const deviation = sqrt(add(channel(running.variance), epsilon));
    return affine(div(sub(x, channel(running.mean)), deviation), gain, shift);
  }
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const centre = mean(x, axes, { keepdims: true });
  const centred = sub(x, centre);
  const spread = mean(square(centred), axes, { keepdims: true });
  const normal = affine(div(centred, sqrt(add(spread, epsilon))), gain, shift);
  return carried(carried(normal, running.mean, centre, running.momentum), running.variance, spread, running.momentum);
}

function carried(y: Value, old: Value, batch: Value, momentum = 0.9): Value {
  return apply('Carry', [y, old, add(mul(momentum, old), mul(1 - momentum, reshape(batch, old.shape)))]);
}

function standardised(x: Value, axes: Axes, epsilon = 1e-5): Value {
  const centred = sub(x, mean(x, axes, { keepdims: true }));
  return div(centred, sqrt(add(mean(square(centred), axes, { keepdims: true }), epsilon)));
}

function affine(x: Value, scale?: Value, bias?: Value): Value {
  const scaled = scale ? mul(x, scale) : x;
  return bias ? add(scaled, bias) : scaled;
}

/** [C] -> [C, 1, ...], to go with [n, C, ...] */
function perChannel(value: Value, { shape }: Value): Value {
  return reshape(value, [value.shape[0]!, ...shape.slice(2).map(() => 1)]);
}
