import type { Pass } from '../functions/normalization.ts';
import type { Value, Values } from '../graph/graph.value.ts';
import { leavesOf } from '../graph/graph.walk.ts';
import { buildModel } from '../graph/model.builder.ts';
import type { Tensors } from '../graph/tensor.ts';
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
  readonly outputs: (pass: Pass) => O;
  /** Loss and metrics of the answers, from inputs of their own (the truth). */
  readonly objective: (outputs: O) => Objective;
}

/** The definition as it is; the objective knows the outputs by their names. */
export function defineNetwork<O extends Values>(network: NetworkDefinition<O>): NetworkDefinition<O> {
  return network;
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
