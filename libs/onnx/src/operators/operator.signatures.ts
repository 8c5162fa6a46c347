import type { ConvolutionSignatures } from './convolution.signatures.ts';
import type { ElementwiseSignatures } from './elementwise.signatures.ts';
import type { HouseSignatures } from './house.signatures.ts';
import type { LayoutSignatures } from './layout.signatures.ts';
import type { LoweringSignatures } from './lowering.signatures.ts';
import type { ReductionSignatures } from './reduction.signatures.ts';

/**
 * The operators that graphs are made of, with the operands and attributes of the ONNX standard under its names. Operands
 * that must be constants (axes, bounds of slices) are int64 constants: see `ints`.
 */
export interface OperatorSignatures
  extends
    ElementwiseSignatures,
    LayoutSignatures,
    ReductionSignatures,
    ConvolutionSignatures,
    HouseSignatures,
    LoweringSignatures {}

export type OperatorName = keyof OperatorSignatures;
export type Operands<K extends OperatorName> = OperatorSignatures[K]['operands'];
export type Attributes<K extends OperatorName> = OperatorSignatures[K]['attributes'];
