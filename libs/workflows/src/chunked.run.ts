import { condition, defineQuery, defineSignal, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import { backfillStep, closingStep, controlStep } from './activity.options.ts';
import type {
  BackfillActivities,
  ChunkOptions,
  ChunkOutcome,
  ChunkPlan,
  ChunkProgress,
  ChunkRange,
  ChunkResult,
  PageCall,
} from './backfill.contract.ts';
import { framedRun, type RunFailure } from './run.frame.ts';

/** Asks a run of chunks to begin no further chunk until it is resumed. */
export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');
export const chunkProgress = defineQuery<ChunkProgress>('chunkProgress');

/** Where a run of chunks goes on in its next history. */
export interface ChunkState {
  readonly plan: ChunkPlan;
  readonly next: number;
  readonly after: string | null;
  readonly done: number;
  readonly changed: number;
  readonly paused: boolean;
}

/** What is particular to a kind of run: how it begins, its pages, its chunk. */
export interface ChunkSteps<Input> {
  open(call: Input): Promise<ChunkPlan>;
  pages(call: Input & { page: PageCall }): Promise<readonly string[]>;
  chunk(call: Input & { range: ChunkRange }): Promise<ChunkOutcome>;
}

interface ChunkInput {
  readonly runId: string;
  readonly model: string;
  readonly options: ChunkOptions;
}

/** Chunks whose ranges are asked for at once. */
const chunksAhead = 50;

export const control = proxyActivities<BackfillActivities>(controlStep);
export const work = proxyActivities<BackfillActivities>(backfillStep);
const closing = proxyActivities<BackfillActivities>(closingStep);

/**
 * Goes through all rows of a run, chunk by chunk, and closes it. Answers the state to carry on with where the history has
 * grown long enough, else the result.
 */
export async function runChunks<Input extends ChunkInput>(
  input: Input,
  carried: ChunkState | undefined,
  steps: ChunkSteps<Input>,
): Promise<{ readonly carry: ChunkState } | { readonly result: ChunkResult }> {
  const run = new ChunkedRun(carried);
  return framedRun<{ readonly carry: ChunkState } | { readonly result: ChunkResult }>(
    {
      async open() {
        run.plan = carried?.plan ?? (await steps.open(input));
      },
      async complete(outcome) {
        if ('result' in outcome) await run.close(input, 'completed', null);
      },
      fail: ({ state, ...failure }) => run.close(input, state, failure),
    },
    async () => ((await run.throughChunks(input, steps)) ? { result: run.result() } : { carry: run.state() }),
  );
}

class ChunkedRun {
  plan: ChunkPlan;
  #next: number;
  #after: string | null;
  #done: number;
  #changed: number;
  #paused: boolean;
  readonly #inFlight = new Set<Promise<void>>();
  #failed: { readonly cause: unknown } | null = null;

  constructor(carried: ChunkState | undefined) {
    this.plan = carried?.plan ?? { total: 0, ref: null };
    this.#next = carried?.next ?? 0;
    this.#after = carried?.after ?? null;
    this.#done = carried?.done ?? 0;
    this.#changed = carried?.changed ?? 0;
    this.#paused = carried?.paused ?? false;
    setHandler(pauseSignal, () => void (this.#paused = true));
    setHandler(resumeSignal, () => void (this.#paused = false));
    setHandler(chunkProgress, () => ({
      ...this.result(),
      chunksInFlight: this.#inFlight.size,
      paused: this.#paused,
    }));
  }

  result(): ChunkResult {
    return { total: this.plan.total, done: this.#done, changed: this.#changed };
  }

  state(): ChunkState {
    const [next, after, done, changed, paused] = [this.#next, this.#after, this.#done, this.#changed, this.#paused];
    return { plan: this.plan, next, after, done, changed, paused };
  }

  /** True when every row is done, false when the history is long enough. Either way no chunk is under way any more. */
  async throughChunks<Input extends ChunkInput>(input: Input, steps: ChunkSteps<Input>): Promise<boolean> {
    const finished = await this.#launchAll(input, steps).finally(() => Promise.all(this.#inFlight));
    if (this.#failed) throw this.#failed.cause;
    return finished;
  }

  async close(
    { runId, model }: ChunkInput,
    state: 'completed' | RunFailure['state'],
    failure: Omit<RunFailure, 'state'> | null,
  ) {
    await closing.closeBackfill({ runId, model, state, result: this.result(), failure });
  }

  async #launchAll<Input extends ChunkInput>(input: Input, steps: ChunkSteps<Input>): Promise<boolean> {
    const { chunksPerHistory, rowsPerSecond, chunkSize } = input.options;
    const last = this.#next + chunksPerHistory;
    let ends: readonly string[] = [];
    let earliest = Date.now();
    for (;;) {
      if (this.#next >= last) return false;
      if (ends.length === 0) {
        const chunks = Math.min(chunksAhead, last - this.#next);
        ends = await steps.pages({ ...input, page: { after: this.#after, chunks } });
        if (ends.length === 0) return true;
      }
      await this.#whenFree(input);
      if (this.#failed) return true;
      const range = { number: this.#next++, after: this.#after, through: ends[0]! };
      this.#after = range.through;
      ends = ends.slice(1);
      this.#launch(steps.chunk({ ...input, range }));
      if (rowsPerSecond === null) continue;
      earliest = Math.max(earliest, Date.now()) + (chunkSize / rowsPerSecond) * 1000;
      if (earliest > Date.now()) await sleep(earliest - Date.now());
    }
  }

  /** Waits until a chunk may begin; a run that is told to pause writes that down, and again when it goes on. */
  async #whenFree({ runId, model, options }: ChunkInput): Promise<void> {
    const free = () => this.#failed !== null || this.#paused || this.#inFlight.size < options.concurrency;
    await condition(free);
    while (this.#paused && !this.#failed) {
      await control.markPaused({ runId, model, paused: true });
      await condition(() => !this.#paused || this.#failed !== null);
      await control.markPaused({ runId, model, paused: false });
      await condition(free);
    }
  }

  #launch(chunk: Promise<ChunkOutcome>): void {
    const settled: Promise<void> = chunk
      .then(
        ({ rows, changed }) => {
          this.#done += rows;
          this.#changed += changed;
        },
        (cause: unknown) => void (this.#failed ??= { cause }),
      )
      .finally(() => this.#inFlight.delete(settled));
    this.#inFlight.add(settled);
  }
}
