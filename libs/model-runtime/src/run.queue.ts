import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch } from '@haat/kit';
import type { GraphSession } from './graph.session.ts';
import type { ModelOutputs } from './model.outputs.ts';
import { requireFinite } from './finite.answers.ts';
import { joinRows, rowsOf } from './row.batches.ts';
import { runtimeError } from './runtime.errors.ts';

interface Request {
  readonly batch: Batch;
  /** Rows that runs have taken so far. */
  taken: number;
  /** Answers of the rows so far, when the request needs more than one run. */
  readonly answered: Record<string, Float32Array | Float64Array>;
  readonly resolve: (outputs: ModelOutputs) => void;
  readonly reject: (error: unknown) => void;
}

/** Part of a request that one run answers. */
interface Share {
  readonly request: Request;
  readonly start: number;
  readonly count: number;
}

/**
 * Requests in the order of their coming, run in batches of at most `maxBatch` rows. While the graph is busy requests gather
 * and share the next run ("batch while busy"): nobody waits for company, so a lone request costs what it costs alone.
 */
export class RunQueue {
  runs = 0;
  private readonly waiting: Request[] = [];
  private working: Promise<void> | null = null;
  private closing = false;

  constructor(
    private readonly session: GraphSession,
    private readonly maxBatch: number,
    private readonly ran: (rows: number, seconds: number) => void,
    private readonly broke: () => void = () => undefined,
  ) {}

  /** Errors: INVALID_BATCH, MODEL_RUN_FAILED, ANSWER_NOT_FINITE, MODEL_CLOSED. */
  async run(batch: Batch): Promise<ModelOutputs> {
    const { card } = this.session;
    if (this.closing) throw runtimeError('MODEL_CLOSED', `Model ${card.name}: asked after it was closed`);
    this.session.check(batch);
    if (batch.rows === 0) return this.session.emptyOutputs();
    const outputs = await new Promise<ModelOutputs>((resolve, reject) => {
      this.waiting.push({ batch, taken: 0, answered: {}, resolve, reject });
      this.working ??= this.work();
    });
    return requireFinite(card.name, outputs, batch.rows);
  }

  /** Answers what waits, then frees the graph. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    await this.working;
    await this.session.release();
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      // A run holds the event loop: one turn of it lets everything that came meanwhile join.
      await nextTurn();
      const shares = this.take();
      try {
        await this.answer(shares);
      } catch (error) {
        this.broke();
        for (const { request } of shares) this.fail(request, error);
      }
    }
    this.working = null;
  }

  /** The rows of the next run. */
  private take(): readonly Share[] {
    const shares: Share[] = [];
    let room = this.maxBatch;
    while (room > 0 && this.waiting.length > 0) {
      const request = this.waiting[0]!;
      const count = Math.min(room, request.batch.rows - request.taken);
      shares.push({ request, start: request.taken, count });
      request.taken += count;
      room -= count;
      if (request.taken === request.batch.rows) this.waiting.shift();
    }
    return shares;
  }

  private async answer(shares: readonly Share[]): Promise<void> {
    const batch = joinRows(shares.map(({ request, start, count }) => rowsOf(request.batch, start, count)));
    const began = performance.now();
    const outputs = await this.session.run(batch);
    this.runs += 1;
    let at = 0;
    for (const share of shares) {
      deliver(share, outputs, at, batch.rows);
      at += share.count;
    }
    this.ran(batch.rows, (performance.now() - began) / 1000);
  }

  private fail(request: Request, error: unknown): void {
    const at = this.waiting.indexOf(request);
    if (at >= 0) this.waiting.splice(at, 1);
    request.reject(error);
  }
}

/** Hands a share its rows of a run's outputs, which are rows `at` onwards of `rows`. */
function deliver({ request, start, count }: Share, outputs: ModelOutputs, at: number, rows: number): void {
  const { batch, answered } = request;
  for (const [name, numbers] of Object.entries(outputs)) {
    const width = numbers.length / rows;
    const part = numbers.subarray(at * width, (at + count) * width);
    if (count === batch.rows) {
      // Its own copy where the run was shared: a caller may keep or change what it gets.
      answered[name] = count === rows ? numbers : part.slice();
      continue;
    }
    const size = batch.rows * width;
    answered[name] ??= numbers instanceof Float64Array ? new Float64Array(size) : new Float32Array(size);
    answered[name].set(part, start * width);
  }
  if (start + count === batch.rows) request.resolve(answered);
}
