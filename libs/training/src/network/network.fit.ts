import type { Kernels, Tensor, Tensors, Values } from '@haat/onnx';
import { probeKernels, TensorSession, TrainingSession } from '@haat/model-runtime';
import type { FitContext } from '../trainer.ts';
import { BatchPool } from './batch.pool.ts';
import { BatchStream } from './batch.stream.ts';
import { decodeCheckpoint, digestOfState, encodeCheckpoint, type FitState } from './checkpoint.file.ts';
import { diverged, divergence, notFinite } from './divergence.ts';
import { afterEvaluation, isExhausted } from './early.stopping.ts';
import { PaceMeter } from './fit.pace.ts';
import { fitProgress } from './fit.progress.ts';
import { RowTables } from './tables/row.tables.ts';
import { compileFit, type CompiledFit, type NetworkFit } from './network.plan.ts';

/** How a fit is run. None of it changes the result, but for `threads` and `kernels`: see `docs/training.md`. */
export interface FitRunOptions {
  /** Threads that compute, operators as well as updates, default 2. */
  readonly threads?: number;
  /** Threads that fill batches, default 1. */
  readonly workers?: number;
  /** Batches that each of them fills ahead, default 2. */
  readonly ahead?: number;
  /** After how many steps or seconds, whichever comes first, a checkpoint is saved; default 30 seconds. */
  readonly checkpoint?: { readonly everySteps?: number; readonly everySeconds?: number };
  /** Kernels by which forms of operators are chosen; those of this machine unless said otherwise. */
  readonly kernels?: Kernels;
  /** Arguments of Node for the threads that fill batches; those of this process unless said otherwise. */
  readonly nodeArguments?: readonly string[];
}

export interface FittedNetwork {
  /** Parameters and running statistics that serve: the best by the rule of stopping where there is one, else the last. */
  readonly tensors: Tensors;
  /** Steps that were done. */
  readonly step: number;
  /** Steps that were done when `tensors` were. */
  readonly bestStep: number;
  readonly stoppedEarly: boolean;
  /** Loss and metrics of the held-out rows at the end. */
  readonly validation: Readonly<Record<string, number>>;
  /** SHA-256 of all that goes round, in hex: the same for every run of the same fit on one machine, however often interrupted. */
  readonly digest: string;
}

/** Least time between two reports, ms. */
const REPORT_EVERY = 500;

/**
 * Fits a network step by step; goes on from the checkpoint of the context where there is one of the same fit. A cancel is seen
 * between two steps: where it is, is saved, then the signal's reason is thrown.
 * Errors: INVALID_FIT, EMPTY_BATCH, BATCH_FAILED, NETWORK_DIVERGED, CHECKPOINT_DAMAGED; those of graphs and of the runtime.
 */
export async function fitNetwork<O extends Values>(
  fit: NetworkFit<O>,
  context: FitContext,
  options: FitRunOptions = {},
): Promise<FittedNetwork> {
  const compiled = compileFit(fit, context, options.kernels ?? (await probeKernels()));
  const sources = { training: fit.training.source, validation: fit.validation.source };
  const pool = new BatchPool(sources, { workers: options.workers ?? 1, nodeArguments: options.nodeArguments });
  const sessions: { release(): Promise<void> }[] = [];
  const opened = async <S extends { release(): Promise<void> }>(session: Promise<S>) => {
    sessions.push(await session);
    return session;
  };
  const { step, lastStep, evaluation } = compiled;
  const runs = { threads: options.threads ?? 2 };
  try {
    const tables = new RowTables(step.tables);
    const stepping = await opened(TrainingSession.open(step, runs));
    const ending = lastStep ? await opened(TrainingSession.open(lastStep, runs)) : stepping;
    const evaluating = await opened(TensorSession.open(evaluation.model, runs));
    return await new NetworkRun(fit, compiled, context, options, {
      pool,
      tables,
      stepping,
      ending,
      evaluating,
    }).toTheEnd();
  } finally {
    await Promise.all([pool.close(), ...sessions.map((session) => session.release())]);
  }
}

interface Machinery {
  readonly pool: BatchPool;
  /** As they are after the last step; a state holds the rest. */
  readonly tables: RowTables;
  readonly stepping: TrainingSession;
  /** For the short batch that ends an epoch. */
  readonly ending: TrainingSession;
  readonly evaluating: TensorSession;
}

class NetworkRun<O extends Values> {
  readonly #pace = new PaceMeter(performance.now());
  /** What the last step began from, bags included. */
  #before: FitState | null = null;
  #saved = { step: 0, at: performance.now() };

  constructor(
    private readonly fit: NetworkFit<O>,
    private readonly compiled: CompiledFit,
    private readonly context: FitContext,
    private readonly options: FitRunOptions,
    private readonly machinery: Machinery,
  ) {}

  async toTheEnd(): Promise<FittedNetwork> {
    const { steps, stopping } = this.fit;
    const stopped = (state: FitState) => stopping !== undefined && isExhausted(stopping, state.stopping);
    let state = await this.#start();
    const stream = this.#trainingStream(state.step, steps);
    while (state.step < steps && !stopped(state)) {
      // Messages of other threads and of the parent are heard only when the event loop turns, and a run does not let it.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#leaveWhenCancelled(state);
      const waited = stream.waited;
      const { rows, tensors } = await stream.next();
      state = await this.#stepped(state, tensors, rows);
      this.#pace.step(rows);
      this.#pace.waited(stream.waited - waited);
      if (state.step % this.compiled.evaluateEvery === 0 || state.step === steps) state = await this.#evaluated(state);
      if (this.#isCheckpointDue(state)) await this.#save(state);
      this.#report(state);
    }
    const validation = state.validation!;
    return {
      tensors: state.best ?? this.#weights(state),
      step: state.step,
      bestStep: state.stopping.bestStep ?? state.step,
      stoppedEarly: state.step < steps,
      validation: validation.figures,
      digest: digestOfState(this.#whole(state)),
    };
  }

  /** The checkpoint, if it is of this fit; else the beginning. */
  async #start(): Promise<FitState> {
    const { start } = this.compiled;
    const bytes = (await this.context.checkpoints?.load()) ?? null;
    if (bytes === null) return start;
    const saved = decodeCheckpoint(bytes);
    const known = saved.plan === start.plan;
    const message = known ? `Goes on after step ${saved.step}` : 'Starts anew: the checkpoint is of another fit';
    this.context.report({ fraction: known ? saved.step / this.fit.steps : 0, message });
    return known ? { ...saved, tensors: this.machinery.tables.take(saved.tensors) } : start;
  }

  #trainingStream(from: number, until: number): BatchStream {
    const { compiled, fit, options, machinery } = this;
    return new BatchStream(machinery.pool, {
      source: 'training',
      plan: compiled.training,
      types: compiled.batch,
      batch: fit.training.batch,
      from,
      until,
      ahead: (options.ahead ?? 2) * (options.workers ?? 1),
    });
  }

  async #stepped(state: FitState, batch: Tensors, rows: number): Promise<FitState> {
    const { stepping, ending, tables } = this.machinery;
    const session = rows < this.fit.training.batch ? ending : stepping;
    const bags = tables.pooled(this.compiled.step.tables, batch);
    const { results, tensors } = await session.run(state.tensors, { ...batch, ...bags }, state.step);
    const began = { ...state, tensors: { ...state.tensors, ...bags } };
    const loss = numberOf(results['loss']!);
    if (!Number.isFinite(loss)) throw await this.#whereItDiverged(state, began);
    const broken = tables.update(results);
    if (broken !== null) throw await this.#diagnosed(began, broken);
    this.#before = began;
    return { ...state, step: state.step + 1, loss, tensors: tensors() };
  }

  /** Loss and metrics over all held-out rows, each row with the same weight, summed in the order of the rows. */
  async #evaluated(state: FitState): Promise<FitState> {
    await this.#refuseWhatIsNotFinite(state);
    const { evaluation, validation, weightsOf } = this.compiled;
    const { evaluating, tables } = this.machinery;
    const { source, batch } = this.fit.validation;
    const weights = weightsOf(state.tensors);
    const kept = Object.fromEntries(Object.keys(evaluation.initial).map((name) => [name, weights[name]!]));
    const stream = new BatchStream(this.machinery.pool, {
      source: 'validation',
      plan: validation,
      types: evaluation.batch,
      batch,
      from: 0,
      until: validation.stepsPerEpoch,
      ahead: 2,
    });
    const sums = new Map(['loss', ...evaluation.metrics].map((name) => [name, 0]));
    for (let at = 0; at < validation.stepsPerEpoch; at++) {
      const { rows, tensors } = await stream.next();
      const results = await evaluating.run({ ...kept, ...tensors, ...tables.pooled(evaluation.tables, tensors) });
      for (const [name, sum] of sums) sums.set(name, sum + rows * numberOf(results[name]!));
    }
    this.#pace.waited(stream.waited);
    const figures = Object.fromEntries([...sums].map(([name, sum]) => [name, sum / source.rows]));
    const bad = Object.entries(figures).find(([, figure]) => !Number.isFinite(figure));
    if (bad) throw diverged(state.step, `${bad[0]} of the held-out rows`);
    return this.#judged({ ...state, validation: { step: state.step, figures } });
  }

  #judged(state: FitState): FitState {
    const { stopping: rule } = this.fit;
    if (rule === undefined) return state;
    const { step, figures } = state.validation!;
    const stopping = afterEvaluation(rule, state.stopping, { value: figures[rule.metric]!, step });
    return { ...state, stopping, best: stopping.since === 0 ? this.#weights(state) : state.best };
  }

  async #leaveWhenCancelled(state: FitState): Promise<void> {
    const { signal } = this.context;
    if (!signal.aborted) return;
    if (state.step > this.#saved.step) await this.#save(state);
    signal.throwIfAborted();
  }

  #isCheckpointDue({ step }: FitState): boolean {
    if (this.context.checkpoints === undefined) return false;
    const { everySteps = Infinity, everySeconds } = this.options.checkpoint ?? {};
    const seconds = everySeconds ?? (everySteps === Infinity ? 30 : Infinity);
    return step - this.#saved.step >= everySteps || performance.now() - this.#saved.at >= 1_000 * seconds;
  }

  async #save(state: FitState): Promise<void> {
    await this.#refuseWhatIsNotFinite(state);
    await this.context.checkpoints?.save(encodeCheckpoint(this.#whole(state)));
    this.#saved = { step: state.step, at: performance.now() };
  }

  /** Tensors of their own: those of a step are written over by later ones. */
  #weights(state: FitState): Tensors {
    return { ...copied(this.compiled.weightsOf(state.tensors)), ...this.machinery.tables.weights() };
  }

  #whole(state: FitState): FitState {
    return { ...state, tensors: { ...state.tensors, ...this.machinery.tables.tensors() } };
  }

  #report(state: FitState): void {
    const now = performance.now();
    const evaluated = state.validation?.step === state.step;
    if (!evaluated && this.#pace.elapsed(now) < REPORT_EVERY) return;
    this.context.report(fitProgress(state, this.fit, this.#pace.read(now, this.fit.steps - state.step)));
  }

  /** A loss that is a number says nothing of the weights after it. */
  async #refuseWhatIsNotFinite({ tensors, step }: FitState): Promise<void> {
    const name = notFinite(tensors);
    if (name === null) return;
    throw this.#before === null ? diverged(step, name) : await this.#diagnosed(this.#before, name);
  }

  async #whereItDiverged(state: FitState, began: FitState): Promise<Error> {
    const name = notFinite(state.tensors);
    return name !== null && this.#before !== null ? this.#diagnosed(this.#before, name) : this.#diagnosed(began, null);
  }

  #diagnosed({ step, tensors }: FitState, update: string | null): Promise<Error> {
    const { network } = this.fit;
    const objective = network.objective(network.outputs('training'));
    const batch = async () => (await this.#trainingStream(step, step + 1).next()).tensors;
    return divergence(objective, { step, tensors, batch }, update);
  }
}

function numberOf({ data }: Tensor): number {
  return Number(data[0]);
}

function copied(tensors: Tensors): Tensors {
  const entries = Object.entries(tensors).map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]);
  return Object.fromEntries(entries) as Tensors;
}
