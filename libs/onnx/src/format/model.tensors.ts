import { elementTypes, type ElementArrays, type ElementType, type Tensor, type Tensors } from '../graph/tensor.ts';
import { decodeModel } from './model.codec.ts';
import type { OnnxTensor } from './model.proto.ts';

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

type NumberType = keyof typeof arrays;

const numberTypes = new Map<number, NumberType>(
  (Object.keys(arrays) as NumberType[]).map((dtype) => [elementTypes[dtype satisfies ElementType], dtype]),
);

/**
 * The numbers that a file of this house holds, by their names: fitted parameters, running statistics, constants. Texts and tensors in
 * other forms than raw bytes are left out. Errors: NOT_AN_ONNX_FILE.
 */
export function readTensors(bytes: Uint8Array): Tensors {
  const { initializer = [] } = decodeModel(bytes).graph;
  return Object.fromEntries(
    initializer.flatMap((tensor) => {
      const dtype = numberTypes.get(tensor.dataType);
      return dtype && tensor.name && tensor.rawData ? [[tensor.name, tensorOf(dtype, tensor, tensor.rawData)]] : [];
    }),
  );
}

function tensorOf<D extends NumberType>(dtype: D, { dims = [] }: OnnxTensor, rawData: Uint8Array): Tensor {
  // A copy has a buffer of its own, which is aligned.
  const data = new arrays[dtype](Uint8Array.from(rawData).buffer) as ElementArrays[D];
  return { dtype, shape: dims, data } as Tensor;
}
