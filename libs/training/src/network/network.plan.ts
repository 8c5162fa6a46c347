import { createHash } from 'node:crypto';
import {
  averagesOf,
  evaluationOf,
  seedFor,
  standardKernels,
  trainingStepOf,
  type BatchGraph,
  type Kernels,
  type NetworkDefinition,
  type Optimizer,
  type Tensors,
  type TrainingStep,
  type Values,
} from '@haat/onnx';
import type { FitContext } from '../trainer.ts';
import { batchPlan, type BatchPlan, type LastBatch } from './batch.plan.ts';
import { encodeCheckpoint, type FitState } from './checkpoint.file.ts';
import { notStopped, type StoppingRule } from './early.stopping.ts';
import { networkError } from './network.errors.ts';
import type { RowSource } from './row.source.ts';
import { classBalanced, inOrder, shuffled } from './row.sampling.ts';

/** How a network is fitted: everything that decides the result, but for the seed. */
export interface NetworkFit<O extends Values> {
  readonly network: NetworkDefinition<O>;
  readonly optimizer: Optimizer;
  readonly training: {
    readonly source: RowSource;
    /** Rows of a batch. */
    readonly batch: number;
    readonly lastBatch: LastBatch;
    /** The class of each row; given, all classes come equally often. */
    readonly balancedBy?: ArrayLike<number>;
  };
  readonly validation: { readonly source: RowSource; readonly batch: number };
  /** Steps of the whole fit, unless it stops early. */
  readonly steps: number;
  /** Steps between two evaluations, default an epoch. The last step is always followed by one. */
  readonly evaluateEvery?: number;
  readonly stopping?: StoppingRule;
  /** Evaluates and answers the averaged weights; the optimiser must keep them (`weightAverage`). Tables that are trained by rows have none. */
  readonly averaged?: boolean;
}

/** A fit that is compiled and checked. */
export interface CompiledFit {
  /** The step for a whole batch. */
  readonly step: TrainingStep;
  /** The step for the short batch that ends an epoch; null where there is none. */
  readonly lastStep: TrainingStep | null;
  /** What a batch of any size brings. */
  readonly batch: BatchGraph['batch'];
  readonly evaluation: BatchGraph;
  readonly training: BatchPlan;
  readonly validation: BatchPlan;
  readonly evaluateEvery: number;
  readonly start: FitState;
  /** What would serve, of the tensors that go round. */
  readonly weightsOf: (tensors: Tensors) => Tensors;
}

/** Errors: INVALID_FIT, EMPTY_BATCH; those of the graphs. */
export function compileFit<O extends Values>(
  { network, optimizer, training, validation, steps, stopping, averaged = false, ...rest }: NetworkFit<O>,
  { seed, dataset }: Pick<FitContext, 'seed' | 'dataset'>,
  kernels: Kernels = standardKernels,
): CompiledFit {
  const portable = trainingStepOf(network, optimizer);
  const evaluation = evaluationOf(network);
  if (stopping && !['loss', ...evaluation.metrics].includes(stopping.metric)) {
    const message = `Fit of ${network.name}: expected a metric of its objective to stop by, got "${stopping.metric}"`;
    throw networkError('INVALID_FIT', message, { metric: stopping.metric });
  }
  if (averaged && Object.keys(averagesOf(portable.initial)).length === 0) {
    throw networkError('INVALID_FIT', `Fit of ${network.name}: expected an optimiser that keeps averaged weights`);
  }
  const { balancedBy, batch, lastBatch, source } = training;
  if (balancedBy && balancedBy.length !== source.rows) {
    const message = `Fit of ${network.name}: expected a class for each of ${source.rows} rows, got ${balancedBy.length}`;
    throw networkError('INVALID_FIT', message);
  }
  const orderSeed = seedFor(seed, 'order');
  const sampling = balancedBy ? classBalanced(balancedBy, orderSeed) : shuffled(source.rows, orderSeed);
  const rowSeed = seedFor(seed, 'rows');
  const plan = batchPlan({ rows: source.rows, batch, lastBatch }, sampling, rowSeed);
  const evaluateEvery = rest.evaluateEvery ?? plan.stepsPerEpoch;
  if (!(steps >= 1) || !(evaluateEvery >= 1)) {
    const message = `Fit of ${network.name}: expected at least one step, and one between evaluations, got ${steps} and ${evaluateEvery}`;
    throw networkError('INVALID_FIT', message, { steps, evaluateEvery });
  }
  const start: FitState = {
    plan: '',
    step: 0,
    loss: null,
    validation: null,
    stopping: notStopped,
    tensors: portable.initial,
    best: null,
  };
  const { tables } = portable;
  const facts = { seed, dataset: dataset.digest, steps, evaluateEvery, stopping, averaged, batch, lastBatch, tables };
  const sources = [training, validation].map((part) => [part.source.name, part.source.rows, part.batch]);
  // Of the portable step: which forms a machine takes does not make it another fit.
  const hash = createHash('sha256').update(portable.model).update(evaluation.model).update(encodeCheckpoint(start));
  hash.update(JSON.stringify({ ...facts, balanced: balancedBy !== undefined, sources }));
  const stepFor = (rows: number) =>
    trainingStepOf(network, optimizer, { target: kernels, sizes: rowsOf(portable, rows), update: 'kernel' });
  const left = lastBatch === 'keep' ? source.rows % batch : 0;
  const step = stepFor(Math.min(batch, source.rows));
  return {
    step,
    lastStep: left > 0 && source.rows > batch ? stepFor(left) : null,
    batch: portable.batch,
    evaluation,
    training: plan,
    validation: batchPlan(
      { rows: validation.source.rows, batch: validation.batch, lastBatch: 'keep' },
      inOrder,
      rowSeed,
    ),
    evaluateEvery,
    start: { ...start, plan: hash.digest('hex') },
    weightsOf(tensors) {
      const weights = [...step.parameters, ...step.states].map((name) => [name, tensors[name]!] as const);
      return { ...Object.fromEntries(weights), ...(averaged && averagesOf(tensors)) };
    },
  };
}

/** The symbol that all inputs of a batch begin with, as a number; none where they differ. */
function rowsOf({ batch }: TrainingStep, rows: number): Readonly<Record<string, number>> {
  const first = new Set(Object.values(batch).map(({ shape }) => shape[0]));
  const [symbol] = first;
  return first.size === 1 && typeof symbol === 'string' ? { [symbol]: rows } : {};
}
