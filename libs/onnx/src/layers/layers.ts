import { add } from '../functions/arithmetic.ts';
import { conv, type WindowOptions } from '../functions/convolution.ts';
import { dropout, type DropoutOptions } from '../functions/dropout.ts';
import { bag, type BagOptions } from '../functions/embedding.ts';
import { gather } from '../functions/layout.ts';
import { matmul } from '../functions/matrix.ts';
import { batchNorm, layerNorm, type Pass } from '../functions/normalization.ts';
import { seedFor } from '../functions/splitmix.ts';
import { apply, parameter, state } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { filled } from '../graph/tensor.ts';
import { heNormal, normal } from './initial.ts';
import { table, tableStart, tensorOfTable } from './table.ts';

/** A function that holds its parameters; some do another thing in training than in serving. */
export type Layer = (x: Value, pass: Pass) => Value;

export interface LayerOptions {
  /** What its parameters are drawn by, together with its name. */
  readonly seed: number;
}

/** One layer after the other. Functions such as `relu` are layers too. */
export function sequential(...layers: readonly Layer[]): Layer {
  return (x, pass) => layers.reduce((value, layer) => layer(value, pass), x);
}

/** x w + b. x: [..., inputs] -> [..., outputs]; parameters `<name>/weight` [inputs, outputs] and `<name>/bias` [outputs]. */
export function dense(name: string, inputs: number, outputs: number, { seed }: LayerOptions): Layer {
  const weight = parameter(`${name}/weight`, heNormal([inputs, outputs], inputs, seedFor(seed, name)));
  const bias = parameter(`${name}/bias`, filled('float32', [outputs], 0));
  return (x) => (x.shape.length === 2 ? apply('Gemm', [x, weight, bias], {}) : add(matmul(x, weight), bias));
}

/** The row of each id: int64 [...] -> [..., width]; parameter `<name>/rows` [rows, width]. */
export function embedding(name: string, rows: number, width: number, { seed }: LayerOptions): Layer {
  const table = parameter(`${name}/rows`, normal([rows, width], 1 / Math.sqrt(width), seedFor(seed, name)));
  return (ids) => gather(table, ids);
}

export interface EmbeddingBagOptions extends LayerOptions, BagOptions {
  /** Whether training changes only the rows that a batch names, in memory of their own: see `table`. Default false. */
  readonly sparse?: boolean;
}

/** See `bag`: int64 [n, t] -> [n, width]; parameter `<name>/rows` [rows, width]. */
export function embeddingBag(
  name: string,
  rows: number,
  width: number,
  { seed, sparse = false, ...options }: EmbeddingBagOptions,
): Layer {
  const own = `${name}/rows`;
  const start = tableStart(rows, width, seedFor(seed, name));
  const words = sparse ? table(own, start) : parameter(own, tensorOfTable(start));
  return (ids) => bag(words, ids, options);
}

export interface ConvolutionOptions extends LayerOptions, WindowOptions {
  readonly groups?: number;
}

/** Convolution with a square kernel. x: [n, inputs, h, w]; parameters `<name>/weight` and `<name>/bias`. */
export function convolution(
  name: string,
  inputs: number,
  outputs: number,
  kernel: number,
  { seed, ...options }: ConvolutionOptions,
): Layer {
  const each = inputs / (options.groups ?? 1);
  const tensor = heNormal([outputs, each, kernel, kernel], each * kernel * kernel, seedFor(seed, name));
  const weight = parameter(`${name}/weight`, tensor);
  const bias = parameter(`${name}/bias`, filled('float32', [outputs], 0));
  return (x) => conv(x, weight, { padding: 'same', ...options, bias });
}

/** See `batchNorm`; parameters `<name>/scale`, `<name>/bias`, states `<name>/mean`, `<name>/variance`, all [channels]. */
export function batchNormalization(name: string, channels: number, momentum = 0.9): Layer {
  const { scale, bias } = affineOf(name, channels);
  const mean = state(`${name}/mean`, filled('float32', [channels], 0));
  const variance = state(`${name}/variance`, filled('float32', [channels], 1));
  return (x, pass) => batchNorm(x, { mean, variance, momentum }, pass, { scale, bias });
}

/** See `layerNorm`; parameters `<name>/scale`, `<name>/bias`, both [width]. */
export function layerNormalization(name: string, width: number): Layer {
  const affine = affineOf(name, width);
  return (x) => layerNorm(x, affine);
}

/** Dropout while training, nothing while serving. */
export function droppedOut(options: DropoutOptions): Layer {
  return (x, pass) => (pass === 'training' ? dropout(x, options) : x);
}

function affineOf(name: string, size: number) {
  return {
    scale: parameter(`${name}/scale`, filled('float32', [size], 1)),
    bias: parameter(`${name}/bias`, filled('float32', [size], 0)),
  };
}
