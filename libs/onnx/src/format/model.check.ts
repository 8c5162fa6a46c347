import { onnxError } from '../onnx.errors.ts';
import { decodeModel, describeModel, type ModelDescription } from './model.codec.ts';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from './model.proto.ts';

/**
 * What a file says of itself, after a look at all of it. Errors: NOT_AN_ONNX_FILE when it is none, INVALID_MODEL with its first
 * faults: see `faultsOf`.
 */
export function validateModel(bytes: Uint8Array): ModelDescription {
  const faults = faultsOf(decodeModel(bytes));
  if (faults.length > 0) {
    const more = faults.length > 3 ? ` and ${faults.length - 3} more` : '';
    throw onnxError('INVALID_MODEL', `ONNX file: ${faults.slice(0, 3).join('; ')}${more}`, {
      faults: faults.slice(0, 20),
    });
  }
  return describeModel(bytes);
}

/**
 * Everything in which a model breaks the rules of the format: operators of a domain that it does not import; a name that is given
 * twice, or read before (or without) being given; a tensor whose elements do not fill its shape; an attribute without its value.
 * Whether operands suit their operators decides the runtime that loads it.
 */
export function faultsOf({ graph, opsetImport }: OnnxModel): string[] {
  const domains = new Set(opsetImport.map(({ domain = '' }) => domain));
  if (domains.has('ai.onnx')) domains.add('');
  return graphFaults(graph, domains, new Set());
}

function graphFaults(graph: OnnxGraph, domains: ReadonlySet<string>, outer: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  const known = new Set(outer);
  const own = new Set<string>();
  const give = (name: string, by: string) => {
    if (own.has(name)) faults.push(`${by} gives "${name}", which there is already`);
    own.add(name);
    known.add(name);
  };
  const inputs = new Set(graph.input?.map(({ name }) => name));
  for (const name of inputs) give(name, 'an input');
  const tensors = [
    ...(graph.initializer ?? []),
    ...(graph.sparseInitializer ?? []).flatMap(({ values }) => values ?? []),
  ];
  for (const tensor of tensors) {
    // Before version 4 of the format every initialiser was an input too.
    if (!inputs.has(tensor.name ?? '')) give(tensor.name ?? '', 'an initialiser');
  }
  for (const tensor of graph.initializer ?? []) faults.push(...tensorFaults(tensor));
  for (const [i, node] of (graph.node ?? []).entries()) {
    const place = `node ${i} (${node.opType}${node.name ? ` "${node.name}"` : ''})`;
    faults.push(...nodeFaults(node, place, domains, known));
    for (const name of node.output.filter((each) => each !== '')) give(name, place);
  }
  for (const { name } of graph.output ?? []) {
    if (!known.has(name)) faults.push(`output "${name}" is made by nothing`);
  }
  return faults;
}

function nodeFaults(
  { input = [], domain = '', opType, attribute = [] }: OnnxNode,
  place: string,
  domains: ReadonlySet<string>,
  known: ReadonlySet<string>,
): string[] {
  const unknown = input.filter((name) => name !== '' && !known.has(name));
  return [
    ...(domains.has(domain === 'ai.onnx' ? '' : domain)
      ? []
      : [`${place} is of the domain "${domain}", which is not imported`]),
    ...(opType === undefined || opType === '' ? [`${place} names no operator`] : []),
    ...unknown.map((name) => `${place} reads "${name}", which nothing before it makes`),
    ...attribute.flatMap((each) => attributeFaults(each, place)),
    ...attribute
      .flatMap(({ g, graphs = [] }) => [...(g ? [g] : []), ...graphs])
      .flatMap((g) => graphFaults(g, domains, known)),
  ];
}

/** The field that holds an attribute's value, by the number of its type; lists may be empty, and then absent. */
const valueFields: Readonly<Record<number, keyof OnnxAttribute>> = { 1: 'f', 2: 'i', 3: 's', 4: 't', 5: 'g' };

function attributeFaults(attribute: OnnxAttribute, place: string): string[] {
  const field = valueFields[attribute.type];
  if (field !== undefined && attribute[field] === undefined) {
    return [`${place}: attribute "${attribute.name}" of type ${attribute.type} has no value`];
  }
  return attribute.t ? tensorFaults(attribute.t) : [];
}

/** Bytes of an element in `rawData`, by the number of its type; text and 4-bit types are not held one by one. */
const widths: Readonly<Record<number, number>> = {
  1: 4,
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 8,
  9: 1,
  10: 2,
  11: 8,
  12: 4,
  13: 8,
  16: 2,
};

function tensorFaults({ name = '', dims = [], dataType, rawData, dataLocation, ...typed }: OnnxTensor): string[] {
  const width = widths[dataType];
  if (dataLocation === 1 || (width === undefined && dataType !== 8)) return [];
  const expected = dims.reduce((size, dimension) => size * dimension, 1);
  const lists = [typed.stringData, typed.floatData, typed.int32Data, typed.int64Data, typed.doubleData];
  const got =
    rawData !== undefined && width !== undefined
      ? rawData.length / width
      : Math.max(...lists.map((list) => list?.length ?? 0));
  return got === expected ? [] : [`tensor "${name}" [${dims.join(', ')}]: expected ${expected} elements, got ${got}`];
}
