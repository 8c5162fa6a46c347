import { modelMessage, type OnnxDimension, type OnnxModel, type OnnxValueInfo } from './model.proto.ts';
import { onnxError } from '../onnx.errors.ts';
import { elementTypes, type ElementType, type Shape } from '../graph/tensor.ts';

/** The same model gives the same bytes: fields are written in the order of their numbers, lists in their own. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return Uint8Array.from(modelMessage.encode(modelMessage.fromObject(model)).finish());
}

/** Errors: NOT_AN_ONNX_FILE when the bytes are no ONNX model. */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let model: Partial<OnnxModel>;
  try {
    model = modelMessage.toObject(modelMessage.decode(plain), { longs: Number });
  } catch (cause) {
    throw notOnnx(bytes, `its protocol buffer breaks off (${cause instanceof Error ? cause.message : cause})`, cause);
  }
  for (const field of ['irVersion', 'graph', 'opsetImport'] as const) {
    if (model[field] === undefined) throw notOnnx(bytes, `it has no ${field}`);
  }
  return model as OnnxModel;
}

/** An input or output of a graph. `dtype` is null for one that this house's graphs cannot hold. */
export interface Port {
  readonly name: string;
  readonly dtype: ElementType | null;
  readonly shape: Shape;
}

export interface ModelDescription {
  readonly irVersion: number;
  /** Domain ('' for ONNX's own) -> version of its operators. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a file says of itself. A dimension without size or name is '?'. Errors: NOT_AN_ONNX_FILE. */
export function describeModel(bytes: Uint8Array): ModelDescription {
  const { irVersion, opsetImport, graph, metadataProps = [] } = decodeModel(bytes);
  const initialised = new Set(graph.initializer?.map(({ name }) => name));
  return {
    irVersion,
    opsets: Object.fromEntries(opsetImport.map(({ domain = '', version }) => [domain, version])),
    inputs: (graph.input ?? []).filter(({ name }) => !initialised.has(name)).map(portOf),
    outputs: (graph.output ?? []).map(portOf),
    metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
  };
}

/**
 * The file with `metadata` added to its `metadata_props`; what it held stays as it was, to the byte.
 * Errors: NOT_AN_ONNX_FILE; INVALID_GRAPH when it has one of the keys already.
 */
export function withMetadata(bytes: Uint8Array, metadata: Readonly<Record<string, string>>): Uint8Array {
  const taken = Object.keys(describeModel(bytes).metadata).find((key) => key in metadata);
  if (taken !== undefined) {
    throw onnxError('INVALID_GRAPH', `Model metadata: expected no entry "${taken}" yet, got one`, { key: taken });
  }
  const entries = Object.entries(metadata).map(([key, value]) => ({ key, value }));
  // Protocol buffers merge by concatenation: what follows is appended to the repeated field.
  const added = modelMessage.encode(modelMessage.fromObject({ metadataProps: entries })).finish();
  const whole = new Uint8Array(bytes.length + added.length);
  whole.set(bytes);
  whole.set(added, bytes.length);
  return whole;
}

const elementTypeByCode = new Map(Object.entries(elementTypes).map(([name, code]) => [code, name as ElementType]));

function portOf({ name, type }: OnnxValueInfo): Port {
  const tensor = type?.tensorType;
  return {
    name,
    dtype: elementTypeByCode.get((tensor?.elemType ?? 0) as (typeof elementTypes)[ElementType]) ?? null,
    shape: (tensor?.shape?.dim ?? []).map(({ dimValue, dimParam }: OnnxDimension) => dimValue ?? dimParam ?? '?'),
  };
}

function notOnnx(bytes: Uint8Array, why: string, cause?: unknown) {
  return onnxError(
    'NOT_AN_ONNX_FILE',
    `These ${bytes.length} bytes are no ONNX model: ${why}`,
    { bytes: bytes.length },
    cause,
  );
}
