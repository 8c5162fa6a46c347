import type { Application, Value } from './graph.value.ts';
import { topological } from './graph.walk.ts';
import type { GraphSpec } from './graph.source.ts';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from '../format/model.proto.ts';
import { onnxError } from '../onnx.errors.ts';
import type { AttributeKind } from '../operators/operator.rule.ts';
import { operators, opsets } from '../operators/operator.table.ts';
import {
  contentOf,
  elementTypes,
  formatType,
  type ElementType,
  type Tensor,
  type Tensors,
  type TensorType,
} from './tensor.ts';

/** Version of the file format: the one that goes with the operators' versions. */
const irVersion = 10;

/**
 * A graph of standard operators as the format has it. Nodes stand in the order in which the outputs, taken in turn, need them;
 * values without a name get one by their place, and equal small constants are one, so that the same graph is the same file.
 */
export function serializeGraph({ name, inputs, outputs, metadata = {}, tensors = {} }: GraphSpec): OnnxModel {
  const names = new Map<Value, string>();
  const taken = new Set<string>(Object.keys(outputs));
  const initializer: OnnxTensor[] = [];
  const constants = new Map<string, string>();
  // An operator's result that is an output bears its name: a copy is made only for further names of the same value.
  const outputNames = new Map(
    Object.entries(outputs)
      .toReversed()
      .map(([wanted, value]) => [value, wanted]),
  );
  const node: OnnxNode[] = [];

  const claim = (value: Value, wanted: string) => {
    if (taken.has(wanted)) {
      throw onnxError('INVALID_GRAPH', `Graph "${name}": expected every name once, got "${wanted}" twice`, {
        name: wanted,
      });
    }
    taken.add(wanted);
    names.set(value, wanted);
    return wanted;
  };
  const declare = (value: Value, wanted: string, tensor: Tensor) => {
    initializer.push(tensorProto(claim(value, wanted), tensor));
  };
  const hold = (value: Value, tensor: Tensor) => {
    const key = contentOf(tensor);
    const same = key === null ? undefined : constants.get(key);
    if (same !== undefined) return names.set(value, same);
    const wanted = `constant_${initializer.length}`;
    if (key !== null) constants.set(key, wanted);
    return declare(value, wanted, tensor);
  };
  const emit = (application: Application, value: Value) => {
    const { operator, operands } = application;
    const { domain, resultOf } = operators[operator];
    const attribute = attributesOf(application);
    const own = `${operator}_${node.length}`;
    const output = outputNames.get(value);
    const result = output ?? claim(value, own);
    names.set(value, result);
    const unused = Array.from({ length: resultOf?.position ?? 0 }, (_, i) => `${own}_${i}`);
    node.push({
      name: own,
      opType: resultOf?.operator ?? operator,
      ...(domain !== '' && { domain }),
      input: operands.map((operand) => (operand === undefined ? '' : names.get(operand)!)),
      output: [...unused, result],
      ...(attribute.length > 0 && { attribute }),
    });
  };
  const write = (value: Value) => {
    const { origin } = value;
    switch (origin.kind) {
      case 'input': {
        const message = `Graph "${name}": expected input "${origin.name}" among its inputs, got none`;
        throw onnxError('INVALID_GRAPH', message, { input: origin.name });
      }
      case 'parameter':
      case 'state':
        return declare(value, origin.name, tensorFor(value, origin, tensors));
      case 'constant':
        return hold(value, origin.tensor);
      case 'operator':
        return emit(origin.application, value);
    }
  };

  for (const value of inputs) {
    if (value.origin.kind === 'operator' || value.origin.kind === 'constant') {
      throw onnxError('INVALID_GRAPH', `Graph "${name}": expected declared inputs, got a ${value.origin.kind}`);
    }
    claim(value, value.origin.name);
  }
  for (const value of topological(Object.values(outputs))) {
    if (!names.has(value)) write(value);
  }
  const output = Object.entries(outputs).map(([wanted, value]) => {
    const made = names.get(value)!;
    if (made !== wanted) node.push({ name: `output_${wanted}`, opType: 'Identity', input: [made], output: [wanted] });
    return valueInfo(wanted, value);
  });
  return {
    irVersion,
    producerName: 'haat',
    opsetImport: importsOf(node),
    graph: { node, name, initializer, input: inputs.map((value) => valueInfo(names.get(value)!, value)), output },
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  };
}

/** The standard always; what is internal to a runtime only where it is used. */
function importsOf(nodes: readonly OnnxNode[]): OnnxModel['opsetImport'] {
  const used = new Set(nodes.map(({ domain }) => domain));
  return Object.entries(opsets)
    .filter(([domain]) => !domain.startsWith('com.') || used.has(domain))
    .map(([domain, version]) => ({ ...(domain !== '' && { domain }), version }));
}

/** The tensor that a declared one is written with. */
function tensorFor(
  value: Value,
  declared: { readonly name: string; readonly tensor: Tensor },
  tensors: Tensors,
): Tensor {
  const tensor = tensors[declared.name] ?? declared.tensor;
  const [expected, got] = [formatType(value), formatType(tensor)];
  if (expected !== got) {
    const message = `Tensor for "${declared.name}": expected ${expected}, got ${got}`;
    throw onnxError('INVALID_GRAPH', message, { name: declared.name, expected, got });
  }
  return tensor;
}

function valueInfo(name: string, { dtype, shape }: TensorType): OnnxValueInfo {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes[dtype], shape: { dim } } } };
}

function tensorProto(name: string, tensor: Tensor): OnnxTensor {
  const proto = { name, dims: tensor.shape, dataType: elementTypes[tensor.dtype] };
  if (tensor.dtype === 'string') return { ...proto, stringData: tensor.data.map(utf8) };
  // The format is little-endian, as is every platform that Node runs these graphs on.
  const { buffer, byteOffset, byteLength } = tensor.data;
  return { ...proto, rawData: new Uint8Array(buffer, byteOffset, byteLength) };
}

const encoder = new TextEncoder();
const utf8 = (text: string) => encoder.encode(text);

function attributesOf({ operator, attributes }: Application): OnnxAttribute[] {
  const kinds: Readonly<Record<string, AttributeKind>> = operators[operator].attributes;
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, ...attributeValue[kinds[name]!](value) }));
}

/** Each kind of attribute as the format has it: the number of its type and the field that holds the value. */
const attributeValue: Readonly<Record<AttributeKind, (value: unknown) => Omit<OnnxAttribute, 'name'>>> = {
  float: (value) => ({ type: 1, f: value as number }),
  int: (value) => ({ type: 2, i: value as number }),
  flag: (value) => ({ type: 2, i: Number(value) }),
  dtype: (value) => ({ type: 2, i: elementTypes[value as ElementType] }),
  string: (value) => ({ type: 3, s: utf8(value as string) }),
  floats: (value) => ({ type: 6, floats: value as number[] }),
  ints: (value) => ({ type: 7, ints: value as number[] }),
  strings: (value) => ({ type: 8, strings: (value as string[]).map(utf8) }),
};
