import type { NetworkFacts } from '@haat/kit';
import type { Pass } from '../functions/normalization.ts';
import type { Value, Values } from '../graph/graph.value.ts';
import { leavesOf } from '../graph/graph.walk.ts';
import { buildModel } from '../graph/model.builder.ts';
import { formatType, sizeOf, type Tensors } from '../graph/tensor.ts';
import { onnxError } from '../onnx.errors.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import {
  compileEvaluation,
  compileTrainingStep,
  type BatchGraph,
  type GraphOptions,
  type Objective,
  type TrainingStep,
  type TrainingStepOptions,
} from './training.step.ts';

/** A model from which training, evaluation and serving are derived. */
export interface NetworkDefinition<O extends Values> {
  readonly name: string;
  /** What a request brings, in the order in which the served file has them. */
  readonly inputs: readonly Value[];
  /** The answers, from the inputs; called once for each pass. */
  outputs(this: void, pass: Pass): O;
  /** Loss and metrics of the answers, from inputs of their own (the truth). */
  objective(this: void, outputs: O): Objective;
}

/** The definition as it is; the objective knows the outputs by their names. */
export function defineNetwork<O extends Values>(network: NetworkDefinition<O>): NetworkDefinition<O> {
  return network;
}

/** What a network is, for who reads its card. `description`, `optimizer` and `seed` are the author's words. */
export function networkFacts<O extends Values>(
  network: NetworkDefinition<O>,
  told: Pick<NetworkFacts, 'description' | 'optimizer' | 'seed'>,
): NetworkFacts {
  const values = Object.values(network.outputs('serving'));
  const [parameters, states] = [leavesOf('parameter', values), leavesOf('state', values)];
  return {
    ...told,
    parameters: parameters.reduce((sum, { shape }) => sum + sizeOf(shape.map(Number)), 0),
    tensors: Object.fromEntries([...parameters, ...states].map((value) => [value.origin.name, formatType(value)])),
  };
}

/** The training step of a network. */
export function trainingStepOf<O extends Values>(
  network: NetworkDefinition<O>,
  optimizer: Optimizer,
  options: TrainingStepOptions = {},
): TrainingStep {
  const objective = network.objective(network.outputs('training'));
  return compileTrainingStep(objective, optimizer, { name: `${network.name} training step`, ...options });
}

/** Loss and metrics of a network as it serves: for data that are held out. */
export function evaluationOf<O extends Values>(network: NetworkDefinition<O>, options: GraphOptions = {}): BatchGraph {
  const objective = network.objective(network.outputs('serving'));
  return compileEvaluation(objective, { name: `${network.name} evaluation`, ...options });
}

/**
 * The forward part with parameters and states as inputs by their names: what training computes, before it is a file that serves.
 */
export function forwardOf<O extends Values>(network: NetworkDefinition<O>): ForwardGraph {
  const outputs = network.outputs('serving');
  const values = Object.values(outputs);
  const leaves = [...leavesOf('parameter', values), ...leavesOf('state', values)];
  const model = buildModel({ name: `${network.name} forward`, inputs: [...network.inputs, ...leaves], outputs });
  return { model, tensors: leaves.map(({ origin }) => origin.name) };
}

export interface ForwardGraph {
  readonly model: Uint8Array;
  /** Names of the parameters and states that it takes. */
  readonly tensors: readonly string[];
}

/**
 * The file that serves: the forward part of a network with fitted parameters and states by name (others are left aside).
 * Errors: INVALID_GRAPH when one is missing, or is of another type than what it stands for.
 */
export function serve<O extends Values>(
  network: NetworkDefinition<O>,
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const outputs = network.outputs('serving');
  const values = Object.values(outputs);
  for (const { origin } of [...leavesOf('parameter', values), ...leavesOf('state', values)]) {
    if (tensors[origin.name] !== undefined) continue;
    const message = `Network "${network.name}": expected a tensor for ${origin.kind} "${origin.name}", got none`;
    throw onnxError('INVALID_GRAPH', message, { name: origin.name });
  }
  return buildModel({ name: network.name, inputs: network.inputs, outputs, tensors, metadata });
}
