import { onnxError } from './onnx.errors.ts';

/** Element types that graphs may hold, with their number in the ONNX format. */
export const elementTypes = { float32: 1, int32: 6, int64: 7, string: 8, bool: 9, float64: 11 } as const;
export type ElementType = keyof typeof elementTypes;

/** A fixed size, or the name of one that is known only when the graph runs (`'n'`: rows of the batch). */
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

type Numbers = ArrayLike<number>;

/** float32 tensor; without a shape, a vector. */
export function float32(data: Numbers, shape: readonly number[] = [data.length]): Tensor {
  return checked({ dtype: 'float32', shape, data: Float32Array.from(data) });
}

/** float64 tensor; without a shape, a vector. */
export function float64(data: Numbers, shape: readonly number[] = [data.length]): Tensor {
  return checked({ dtype: 'float64', shape, data: Float64Array.from(data) });
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

/** `[n, 3]` for messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function formatType({ dtype, shape }: TensorType): string {
  return `${dtype} ${formatShape(shape)}`;
}

function checked(tensor: Tensor): Tensor {
  const size = tensor.shape.reduce((product, dimension) => product * dimension, 1);
  if (size !== tensor.data.length) {
    throw onnxError(
      'INVALID_GRAPH',
      `Tensor ${formatShape(tensor.shape)}: expected ${size} elements, got ${tensor.data.length}`,
      { expected: size, got: tensor.data.length },
    );
  }
  return tensor;
}
