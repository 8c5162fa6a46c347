import { int64, nextName, type Tensors, type TrainingStep } from '@haat/onnx';
import { TensorSession, type SessionOptions } from './tensor.session.ts';
import { UpdateMemory } from './update/update.memory.ts';

/** What a step came to. */
export interface StepResults {
  /** Loss and metrics. */
  readonly results: Tensors;
  /**
   * What goes round, as it is after the step; to be asked for once, before the next step. Parameters and states may be read until the
   * step after the next one is asked for its own, the optimiser's state until the next one is, both until a step begins from others: what
   * is to be kept longer is to be copied.
   */
  readonly tensors: () => Tensors;
}

/** A training step in ONNX Runtime, with its kernel where it has one. */
export class TrainingSession {
  private constructor(
    private readonly step: TrainingStep,
    private readonly session: TensorSession,
    private readonly memory: UpdateMemory | null,
    private readonly taken: readonly string[],
  ) {}

  /** `threads` compute operators and, apart from those, updates. Errors: MODEL_REFUSED when ONNX Runtime does not take the graph. */
  static async open(step: TrainingStep, options: SessionOptions = {}): Promise<TrainingSession> {
    const memory = step.kernel && new UpdateMemory({ ...step, kernel: step.kernel }, options.threads);
    try {
      const session = await TensorSession.open(step.model, options);
      const taken = session.inputs.filter((name) => name in step.initial);
      return new TrainingSession(step, session, memory, taken);
    } catch (refused) {
      await memory?.release();
      throw refused;
    }
  }

  /** One step, from what went into it by name. It blocks the thread for as long as it takes. Errors: MODEL_RUN_FAILED. */
  async run(tensors: Tensors, batch: Tensors, step: number): Promise<StepResults> {
    const { memory } = this;
    const before = memory === null ? tensors : memory.placed(tensors);
    const kept = Object.fromEntries(this.taken.map((name) => [name, before[name]!]));
    const results = await this.session.run({ ...kept, ...batch, step: int64([step], []) }, memory?.given);
    return {
      results,
      tensors: () => {
        const written = memory === null ? {} : memory.updated(results);
        const names = Object.keys(this.step.initial);
        return Object.fromEntries(names.map((name) => [name, written[name] ?? results[nextName(name)]!]));
      },
    };
  }

  async release(): Promise<void> {
    await Promise.all([this.session.release(), this.memory?.release()]);
  }
}
