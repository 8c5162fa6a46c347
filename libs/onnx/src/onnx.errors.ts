import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong with graphs and their files. Printed to `docs/errors.md`. */
export const onnxErrors = {
  /** The bytes are no ONNX model: truncated, damaged, or something else. */
  NOT_AN_ONNX_FILE: 'caller',
  /** An ONNX file breaks the rules of the format: a value that is read before it is made, a tensor with too few elements. */
  INVALID_MODEL: 'caller',
  /** A graph was put together wrongly: an operand's shape or dtype, an attribute, a name used twice. */
  INVALID_GRAPH: 'fault',
} as const satisfies ErrorTable;

export const onnxError = errorsOf(onnxErrors);
