import { onnxError } from '../onnx.errors.ts';

/** Element types that graphs may hold, with their number in the ONNX format. */
export const elementTypes = { float32: 1, int32: 6, int64: 7, string: 8, bool: 9, float64: 11 } as const;
export type ElementType = keyof typeof elementTypes;

/**
 * A fixed size, or the name of one that is known only when the graph runs: `'n'` (rows of the batch), or a product with one,
 * `'12*n'`.
 */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

/** What is known of a tensor before the graph runs. */
export interface TensorType {
  readonly dtype: ElementType;
  readonly shape: Shape;
}

export interface ElementArrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: BigInt64Array;
  bool: Uint8Array;
  string: readonly string[];
}

/** A constant tensor, row-major; `data` has as many elements as the shape says. Booleans are 0 and 1. */
export type Tensor = {
  readonly [D in ElementType]: {
    readonly dtype: D;
    readonly shape: readonly number[];
    readonly data: ElementArrays[D];
  };
}[ElementType];

/** Element types that gradients flow through. */
export type RealType = 'float32' | 'float64';

export type Tensors = Readonly<Record<string, Tensor>>;

type Numbers = ArrayLike<number>;

/** float32 tensor; without a shape, a vector. */
export function float32(data: Numbers, shape: readonly number[] = [data.length]): Tensor {
  return checked({ dtype: 'float32', shape, data: new Float32Array(data) });
}

/** float64 tensor; without a shape, a vector. */
export function float64(data: Numbers, shape: readonly number[] = [data.length]): Tensor {
  return checked({ dtype: 'float64', shape, data: new Float64Array(data) });
}

/** A tensor of one element type, by its name: `tensorOf('float64', [1, 2])`. */
export function tensorOf(dtype: RealType, data: Numbers, shape: readonly number[] = [data.length]): Tensor {
  return dtype === 'float64' ? float64(data, shape) : float32(data, shape);
}

/** A tensor of one number. */
export function filled(dtype: RealType, shape: readonly number[], value: number): Tensor {
  return tensorOf(dtype, new Float64Array(sizeOf(shape)).fill(value), shape);
}

export function int32(data: Numbers, shape: readonly number[] = [data.length]): Tensor {
  return checked({ dtype: 'int32', shape, data: Int32Array.from(data) });
}

/** int64 tensor of whole numbers; without a shape, a vector. */
export function int64(data: Numbers, shape: readonly number[] = [data.length]): Tensor {
  return checked({ dtype: 'int64', shape, data: BigInt64Array.from(Array.from(data, BigInt)) });
}

export function bool(data: readonly boolean[], shape: readonly number[] = [data.length]): Tensor {
  return checked({ dtype: 'bool', shape, data: Uint8Array.from(data, Number) });
}

export function strings(data: readonly string[], shape: readonly number[] = [data.length]): Tensor {
  return checked({ dtype: 'string', shape, data: [...data] });
}

export function isReal(dtype: ElementType): dtype is RealType {
  return dtype === 'float32' || dtype === 'float64';
}

/** How many elements a tensor of that shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

/** `[n, 3]` for messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function formatType({ dtype, shape }: TensorType): string {
  return `${dtype} ${formatShape(shape)}`;
}

/** What tells small constants apart; null for one that is too large to look through. */
export function contentOf({ dtype, shape, data }: Tensor): string | null {
  if (data.length > 64) return null;
  const elements = Array.from<number | bigint | string>(data);
  const exact = elements.map((element) => (Object.is(element, -0) ? '-0' : JSON.stringify(String(element))));
  return `${dtype} ${formatShape(shape)} ${exact.join()}`;
}

function checked(tensor: Tensor): Tensor {
  const size = sizeOf(tensor.shape);
  if (size !== tensor.data.length) {
    throw onnxError(
      'INVALID_GRAPH',
      `Tensor ${formatShape(tensor.shape)}: expected ${size} elements, got ${tensor.data.length}`,
      { expected: size, got: tensor.data.length },
    );
  }
  return tensor;
}
