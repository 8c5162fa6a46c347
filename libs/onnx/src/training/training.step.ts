import { trainingStep } from '../functions/dropout.ts';
import { add, cast } from '../functions/arithmetic.ts';
import { gradients } from '../gradients/reverse.mode.ts';
import { reordered } from '../lowering/reordered.ts';
import type { Target } from '../lowering/lowering.ts';
import { withSizes } from '../graph/graph.sizes.ts';
import { state } from '../graph/graph.builder.ts';
import type { Value, Values } from '../graph/graph.value.ts';
import { leavesOf, topological, type Leaf } from '../graph/graph.walk.ts';
import type { GraphSpec } from '../graph/graph.source.ts';
import { buildModel } from '../graph/model.builder.ts';
import type { Tensor, Tensors, TensorType } from '../graph/tensor.ts';
import { onnxError } from '../onnx.errors.ts';
import { mapped, slotName, type Optimizer, type RowRule } from '../optimizers/optimizer.ts';
import { rateAt } from '../optimizers/schedules.ts';
import { splitUpdate, type UpdateKernel } from '../update/update.kernel.ts';
import { cutTables, type TableReads } from './table.cut.ts';

/** What is made small, and what else is told of a batch. */
export interface Objective {
  /** Real, []. */
  readonly loss: Value;
  readonly metrics?: Values;
}

export interface GraphOptions extends Pick<GraphSpec, 'metadata' | 'target' | 'told'> {
  readonly name?: string;
  /** Sizes that are known of the symbols in the shapes of inputs: `{ n: 128 }`. Some faster forms need them. */
  readonly sizes?: Readonly<Record<string, number>>;
}

export interface TrainingStepOptions extends GraphOptions {
  /** Where parameters and optimiser state are updated: in the graph (default), or by a kernel beside it where it can. */
  readonly update?: 'graph' | 'kernel';
}

/** A graph over batches, with all that it says of itself. */
export interface BatchGraph {
  readonly model: Uint8Array;
  /** The inputs that a batch fills, by name. */
  readonly batch: Readonly<Record<string, TensorType>>;
  readonly metrics: readonly string[];
  /** What goes round from step to step, as it is before the first. Its names are inputs of the graph. */
  readonly initial: Tensors;
  /** Tables that are trained by rows. Their bags are inputs of the graph as well. */
  readonly tables: readonly TableReads[];
}

/** A table with what changes it after a step, row by row (AdaGrad). */
export interface TrainedTable extends TableReads {
  /** The output that is the rate of the step: float32 []. */
  readonly rate: string;
  readonly initial: number;
  readonly epsilon: number;
}

/**
 * One step of training as a graph. Inputs: the batch, `step` (int64 [], from 0), and everything of `initial` by its name. Outputs:
 * `loss`, the metrics, and everything of `initial` as it is after the step, by `nextName` of its name; of tables the slope of each bag
 * by `slopeName`, and the rate. With a kernel the graph takes of `initial` what it reads, and gives what the kernel does not write and
 * what it asks for.
 */
export interface TrainingStep extends BatchGraph {
  readonly parameters: readonly string[];
  /** Running statistics. */
  readonly states: readonly string[];
  /** The optimiser's own. */
  readonly optimizer: readonly string[];
  /** What updates the rest, from outputs of the graph: the graph gives `nextName` only of what no call of it writes. */
  readonly kernel: UpdateKernel | null;
  readonly tables: readonly TrainedTable[];
}

/** The name under which a training step gives what `name` is after it. */
export function nextName(name: string): string {
  return `${name}.next`;
}

/** The name under which a training step gives d loss / d bag. */
export function slopeName(bag: string): string {
  return `${bag}.slope`;
}

/** The name of what the optimiser keeps of a parameter in a slot. */
export function memoryName(slot: string, parameter: string): string {
  return optimizerName(slotName(slot, parameter));
}

/** What goes into the next step, from what a step gave that has no kernel. */
export function stateAfter({ initial }: TrainingStep, results: Tensors): Tensors {
  return Object.fromEntries(Object.keys(initial).map((name) => [name, results[nextName(name)]!]));
}

/** The part of a state that `weightAverage` keeps: averaged parameters by the name of the parameter. */
export function averagesOf(tensors: Tensors): Tensors {
  const prefix = optimizerName(slotName('average', ''));
  const averages = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(averages.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

/**
 * Forward, loss, backward and update in one graph. Parameters, states and inputs are those that loss and metrics hang on.
 * Errors: INVALID_GRAPH when the loss is no scalar, hangs on no parameter or has no gradient, or a name is used twice.
 */
export function compileTrainingStep(
  objective: Objective,
  optimizer: Optimizer,
  { name = 'training step', sizes, update = 'graph', ...options }: TrainingStepOptions = {},
): TrainingStep {
  const { loss, metrics } = prepared(objective, sizes, options.target);
  const { inputs, parameters, states, told, cut } = partsOf({ loss, metrics });
  const tables = cut.tables.map((table) => ({ ...table, rule: rowRuleOf(optimizer, table.name) }));
  if (parameters.length + tables.length === 0) {
    throw onnxError('INVALID_GRAPH', `Graph "${name}": expected a loss that hangs on parameters, got none`);
  }
  const weights: Values = byName(parameters);
  const start = optimizer.init(tensorsOf(parameters));
  const memory = Object.fromEntries(
    Object.entries(start).map(([slot, tensor]) => [slot, state(optimizerName(slot), tensor)]),
  );
  const slopes = gradients(told[0]!, { ...weights, ...cut.bags });
  const ofWeights = Object.fromEntries(Object.keys(weights).map((each) => [each, slopes[each]!]));
  const { updates, state: remembered } = optimizer.update(ofWeights, memory, weights, trainingStep);
  const carried = carriedBy(told, name);
  const next: Values = {
    ...mapped(weights, (weight, each) => add(weight, updates[each]!)),
    ...Object.fromEntries(states.map((value) => [value.origin.name, carried.get(value) ?? value])),
    ...Object.fromEntries(Object.keys(memory).map((slot) => [optimizerName(slot), remembered[slot]!])),
  };
  const kept: Values = {
    ...weights,
    ...byName(states),
    ...Object.fromEntries(Object.entries(memory).map(([slot, value]) => [optimizerName(slot), value])),
  };
  const split = update === 'kernel' ? splitUpdate(next, kept, ofWeights) : null;
  const { given, rest } = split ?? { given: {}, rest: next };
  const renamed = Object.fromEntries(Object.entries(rest).map(([each, value]) => [nextName(each), value]));
  const outputs = {
    ...toldBy(told, metrics),
    ...renamed,
    ...given,
    ...Object.fromEntries(Object.keys(cut.bags).map((bag) => [slopeName(bag), slopes[bag]!])),
    ...Object.fromEntries(tables.map((table) => [rateName(table.name), rowRateAt(table.rule)])),
  };
  const read = new Set(topological(Object.values(outputs)));
  const model = buildModel({
    name,
    inputs: [
      ...inputs,
      ...Object.values(cut.bags),
      trainingStep,
      ...Object.values(kept).filter((value) => split === null || read.has(value)),
    ],
    outputs,
    ...options,
  });
  return {
    model,
    batch: typesOf(inputs),
    metrics: Object.keys(metrics),
    parameters: parameters.map(({ origin }) => origin.name),
    states: states.map(({ origin }) => origin.name),
    optimizer: Object.keys(memory).map(optimizerName),
    kernel: split?.kernel ?? null,
    initial: {
      ...tensorsOf(parameters),
      ...tensorsOf(states),
      ...Object.fromEntries(Object.entries(start).map(([slot, tensor]) => [optimizerName(slot), tensor])),
    },
    tables: tables.map(({ rule: { initial, epsilon }, ...table }) => ({
      ...table,
      rate: rateName(table.name),
      initial,
      epsilon,
    })),
  };
}

/** How the rows of a table are changed. */
function rowRuleOf(optimizer: Optimizer, table: string): RowRule {
  const rule = optimizer.rows?.(table);
  if (rule) return rule;
  const message = `Table "${table}": expected an optimiser that can change rows alone (adaGrad, which byParameter chooses for it), got another`;
  throw onnxError('INVALID_GRAPH', message, { name: table });
}

function rowRateAt({ rate }: RowRule): Value {
  return cast(rateAt(rate, trainingStep), 'float32');
}

function rateName(table: string): string {
  return `${table}.rate`;
}

/** Loss and metrics of a batch with given parameters and states, as a graph that changes nothing. */
export function compileEvaluation(
  objective: Objective,
  { name = 'evaluation', sizes, ...options }: GraphOptions = {},
): BatchGraph {
  const { loss, metrics } = prepared(objective, sizes, options.target);
  const { inputs, parameters, states, told, cut } = partsOf({ loss, metrics });
  const model = buildModel({
    name,
    inputs: [...inputs, ...Object.values(cut.bags), ...parameters, ...states],
    outputs: toldBy(told, metrics),
    ...options,
  });
  const initial = { ...tensorsOf(parameters), ...tensorsOf(states) };
  return { model, batch: typesOf(inputs), metrics: Object.keys(metrics), initial, tables: cut.tables };
}

/** The objective with known sizes filled in, and for a machine in the order that costs least. */
function prepared({ loss, metrics = {} }: Objective, sizes: GraphOptions['sizes'], target: Target = 'portable') {
  const given = [loss, ...Object.values(metrics)];
  const sized = sizes ? withSizes(given, sizes) : given;
  const [first, ...rest] = target === 'portable' ? sized : reordered(sized);
  return { loss: first!, metrics: Object.fromEntries(Object.keys(metrics).map((name, i) => [name, rest[i]!])) };
}

/** What a graph is made of; `inputs` are what a batch fills. */
export function partsOf({ loss, metrics = {} }: Objective) {
  const cut = cutTables([loss, ...Object.values(metrics)]);
  const told = cut.values;
  const bags = new Set(Object.values(cut.bags));
  const own = leavesOf('input', told).filter((value) => value !== trainingStep && !bags.has(value));
  return {
    cut,
    told,
    inputs: [...new Set([...own, ...cut.ids])],
    parameters: leavesOf('parameter', told),
    states: leavesOf('state', told),
  };
}

/** What each state becomes: what the operator Carry says of it. */
function carriedBy(told: readonly Value[], graph: string): ReadonlyMap<Value, Value> {
  const carried = new Map<Value, Value>();
  for (const { origin } of topological(told)) {
    if (origin.kind !== 'operator' || origin.application.operator !== 'Carry') continue;
    const [, old, next] = origin.application.operands;
    if (carried.has(old!)) {
      const name = old!.origin.kind === 'state' ? old!.origin.name : '';
      throw onnxError('INVALID_GRAPH', `Graph "${graph}": expected state "${name}" carried once, got twice`, { name });
    }
    carried.set(old!, next!);
  }
  return carried;
}

function toldBy([loss, ...rest]: readonly Value[], metrics: Values): Values {
  return { loss: loss!, ...Object.fromEntries(Object.keys(metrics).map((name, i) => [name, rest[i]!])) };
}

type Declared = Leaf<'parameter'> | Leaf<'state'>;

function byName(values: readonly Declared[]): Values {
  return Object.fromEntries(values.map((value) => [value.origin.name, value]));
}

function tensorsOf(values: readonly Declared[]): Tensors {
  return Object.fromEntries(values.map(({ origin }): [string, Tensor] => [origin.name, origin.tensor]));
}

function typesOf(inputs: readonly Leaf<'input'>[]): Readonly<Record<string, TensorType>> {
  return Object.fromEntries(inputs.map(({ origin, dtype, shape }) => [origin.name, { dtype, shape }]));
}

function optimizerName(slot: string): string {
  return `optimizer/${slot}`;
}
