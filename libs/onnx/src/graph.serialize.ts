import type { Application, Value } from './graph.value.ts';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './model.proto.ts';
import { onnxError } from './onnx.errors.ts';
import type { AttributeKind } from './operator.rule.ts';
import { operators, opsets } from './operator.table.ts';
import { elementTypes, type ElementType, type Tensor, type TensorType } from './tensor.ts';

export type GraphOutputs = Readonly<Record<string, Value>>;

/** Version of the file format: the one that goes with the operators' versions. */
const irVersion = 10;

/**
 * A graph as the format has it. Nodes stand in the order in which the outputs, taken in turn, need them; values without a
 * name get one by their place, so that the same graph is the same file.
 */
export function serializeGraph({
  name,
  inputs,
  outputs,
  metadata = {},
}: {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: GraphOutputs;
  readonly metadata?: Readonly<Record<string, string>>;
}): OnnxModel {
  const names = new Map<Value, string>();
  const taken = new Set<string>(Object.keys(outputs));
  const initializer: OnnxTensor[] = [];
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
  const emit = (application: Application, result: string) => {
    const { operator, operands } = application;
    const { domain } = operators[operator];
    const attribute = attributesOf(application);
    node.push({
      name: `${operator}_${node.length}`,
      opType: operator,
      ...(domain !== '' && { domain }),
      input: operands.map((operand) => (operand === undefined ? '' : names.get(operand)!)),
      output: [result],
      ...(attribute.length > 0 && { attribute }),
    });
  };
  const visit = (root: Value) => {
    // An own stack: training graphs are deeper than the call stack.
    const open = [root];
    while (open.length > 0) {
      const value = open.at(-1)!;
      const { origin } = value;
      const missing = names.has(value) || origin.kind !== 'operator' ? [] : unnamedOperands(origin.application, names);
      if (missing.length > 0) {
        open.push(...missing.reverse());
        continue;
      }
      open.pop();
      if (names.has(value)) continue;
      switch (origin.kind) {
        case 'input':
          throw onnxError(
            'INVALID_GRAPH',
            `Graph "${name}": expected input "${origin.name}" among its inputs, got none`,
            {
              input: origin.name,
            },
          );
        case 'parameter':
        case 'constant': {
          const wanted = origin.kind === 'parameter' ? origin.name : `constant_${initializer.length}`;
          initializer.push(tensorProto(claim(value, wanted), origin.tensor));
          break;
        }
        case 'operator':
          emit(origin.application, claim(value, `${origin.application.operator}_${node.length}`));
      }
    }
  };

  for (const value of inputs) {
    if (value.origin.kind !== 'input') {
      throw onnxError('INVALID_GRAPH', `Graph "${name}": expected declared inputs, got a ${value.origin.kind}`);
    }
    claim(value, value.origin.name);
  }
  const output = Object.entries(outputs).map(([wanted, value]) => {
    visit(value);
    node.push({ name: `output_${wanted}`, opType: 'Identity', input: [names.get(value)!], output: [wanted] });
    return valueInfo(wanted, value);
  });
  return {
    irVersion,
    producerName: 'haat',
    opsetImport: Object.entries(opsets).map(([domain, version]) => ({ ...(domain !== '' && { domain }), version })),
    graph: { node, name, initializer, input: inputs.map((value) => valueInfo(names.get(value)!, value)), output },
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  };
}

function unnamedOperands({ operands }: Application, names: ReadonlyMap<Value, string>): Value[] {
  return operands.filter((operand) => operand !== undefined && !names.has(operand)) as Value[];
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
  floats: (value) => ({ type: 6, floats: value as number[] }),
  ints: (value) => ({ type: 7, ints: value as number[] }),
  strings: (value) => ({ type: 8, strings: (value as string[]).map(utf8) }),
};
