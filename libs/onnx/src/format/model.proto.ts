import protobuf from 'protobufjs/light.js';

/** The parts of an ONNX file that this house reads and writes, as the format names them (camel case, absent = default). */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName?: string;
  readonly opsetImport: readonly OperatorSet[];
  readonly graph: OnnxGraph;
  readonly metadataProps?: readonly { readonly key: string; readonly value: string }[];
}

/** `domain` is absent for ONNX's own operators. */
export interface OperatorSet {
  readonly domain?: string;
  readonly version: number;
}

export interface OnnxGraph {
  readonly name?: string;
  readonly node?: readonly OnnxNode[];
  readonly initializer?: readonly OnnxTensor[];
  readonly input?: readonly OnnxValueInfo[];
  readonly output?: readonly OnnxValueInfo[];
  readonly sparseInitializer?: readonly { readonly values?: OnnxTensor }[];
}

export interface OnnxNode {
  readonly name?: string;
  readonly opType: string;
  readonly domain?: string;
  /** Names of values; '' for an optional input that is left out. */
  readonly input?: readonly string[];
  readonly output: readonly string[];
  readonly attribute?: readonly OnnxAttribute[];
}

/** `type` says which of the other fields holds the value. */
export interface OnnxAttribute {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly t?: OnnxTensor;
  readonly g?: OnnxGraph;
  readonly graphs?: readonly OnnxGraph[];
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  readonly strings?: readonly Uint8Array[];
}

export interface OnnxTensor {
  readonly name?: string;
  readonly dims?: readonly number[];
  readonly dataType: number;
  /** Little-endian elements; text is in `stringData`. */
  readonly rawData?: Uint8Array;
  readonly stringData?: readonly Uint8Array[];
  /** Elements of other files, as fields of their own: float and complex64, (u)int8 to int32 and bool, int64, double and complex128. */
  readonly floatData?: readonly number[];
  readonly int32Data?: readonly number[];
  readonly int64Data?: readonly number[];
  readonly doubleData?: readonly number[];
  /** 1: the elements are in another file. */
  readonly dataLocation?: number;
}

export interface OnnxValueInfo {
  readonly name: string;
  readonly type?: { readonly tensorType?: OnnxTensorType };
}

export interface OnnxTensorType {
  readonly elemType?: number;
  readonly shape?: { readonly dim?: readonly OnnxDimension[] };
}

export interface OnnxDimension {
  readonly dimValue?: number;
  readonly dimParam?: string;
}

/** One message: field -> [number, type], `*` after the type for a repeated field, `**` for a packed one. */
type Message = Readonly<Record<string, readonly [id: number, type: string]>>;

/**
 * The format's field numbers (onnx.ai, "Open Neural Network Exchange Intermediate Representation"). Fields that are not
 * listed are skipped when read.
 */
const messages: Readonly<Record<string, Message>> = {
  Model: {
    irVersion: [1, 'int64'],
    producerName: [2, 'string'],
    producerVersion: [3, 'string'],
    domain: [4, 'string'],
    modelVersion: [5, 'int64'],
    docString: [6, 'string'],
    graph: [7, 'Graph'],
    opsetImport: [8, 'OperatorSet*'],
    metadataProps: [14, 'Entry*'],
  },
  OperatorSet: { domain: [1, 'string'], version: [2, 'int64'] },
  Entry: { key: [1, 'string'], value: [2, 'string'] },
  Graph: {
    node: [1, 'Node*'],
    name: [2, 'string'],
    initializer: [5, 'Tensor*'],
    docString: [10, 'string'],
    input: [11, 'ValueInfo*'],
    output: [12, 'ValueInfo*'],
    valueInfo: [13, 'ValueInfo*'],
    sparseInitializer: [15, 'SparseTensor*'],
  },
  Node: {
    input: [1, 'string*'],
    output: [2, 'string*'],
    name: [3, 'string'],
    opType: [4, 'string'],
    attribute: [5, 'Attribute*'],
    docString: [6, 'string'],
    domain: [7, 'string'],
  },
  Attribute: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    t: [5, 'Tensor'],
    g: [6, 'Graph'],
    floats: [7, 'float*'],
    ints: [8, 'int64*'],
    strings: [9, 'bytes*'],
    graphs: [11, 'Graph*'],
    docString: [13, 'string'],
    type: [20, 'int32'],
  },
  Tensor: {
    dims: [1, 'int64*'],
    dataType: [2, 'int32'],
    floatData: [4, 'float**'],
    int32Data: [5, 'int32**'],
    stringData: [6, 'bytes*'],
    int64Data: [7, 'int64**'],
    name: [8, 'string'],
    rawData: [9, 'bytes'],
    doubleData: [10, 'double**'],
    docString: [12, 'string'],
    externalData: [13, 'Entry*'],
    dataLocation: [14, 'int32'],
  },
  SparseTensor: { values: [1, 'Tensor'], indices: [2, 'Tensor'], dims: [3, 'int64*'] },
  ValueInfo: { name: [1, 'string'], type: [2, 'TypeOfValue'], docString: [3, 'string'] },
  TypeOfValue: { tensorType: [1, 'TensorType'], denotation: [6, 'string'] },
  TensorType: { elemType: [1, 'int32'], shape: [2, 'TensorShape'] },
  TensorShape: { dim: [1, 'Dimension*'] },
  Dimension: { dimValue: [1, 'int64'], dimParam: [2, 'string'], denotation: [3, 'string'] },
};

/** Presence as in proto2: a field that is set is written, even to its default. */
const edition = 'proto2';
const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(messages).map(([name, fields]) => [
      name,
      { edition, fields: Object.fromEntries(Object.entries(fields).map(([field, spec]) => [field, fieldOf(spec)])) },
    ]),
  ),
}).resolveAll();

/** The reflected message of a whole file. */
export const modelMessage = root.lookupType('Model');

function fieldOf([id, type]: readonly [number, string]): protobuf.IField {
  const name = type.replace(/\*+$/, '');
  if (name === type) return { id, type: name };
  return { id, type: name, rule: 'repeated', options: { packed: type.endsWith('**') } };
}
