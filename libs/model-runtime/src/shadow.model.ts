import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch, ModelRef } from '@haat/kit';
import type { AliasedModel, RuntimeLog, ServedVersion } from './aliased.model.ts';
import type { ModelOutputs } from './model.outputs.ts';
import type { OpenModel } from './open.model.ts';
import { rowsOf } from './row.batches.ts';
import { differenceOf } from './shadow.differences.ts';

/** What became of some rows that a champion answered. */
export interface ShadowOutcome {
  readonly model: string;
  readonly champion: number;
  readonly shadow: number;
  /** Rows that both answered. */
  readonly rows: number;
  /** Of those, rows that differ by more than the tolerance. */
  readonly differing: number;
  /** Rows that were left out because too many waited. */
  readonly dropped: number;
  /** Rows that the shadow could not answer. */
  readonly failed: number;
  /** Largest absolute difference. */
  readonly largest: number;
}

export interface ShadowOptions {
  /** The version under the alias `shadow`. */
  readonly shadow: Pick<AliasedModel<OpenModel>, 'current'>;
  /** Absolute difference of an output from which a row counts as differing. */
  readonly tolerance: number;
  /** Rows that may wait for the shadow; more are dropped. */
  readonly capacity: number;
  readonly onOutcome: (outcome: ShadowOutcome) => void;
  readonly log: RuntimeLog;
}

interface Waiting {
  readonly champion: ModelRef;
  readonly batch: Batch;
  readonly outputs: ModelOutputs;
}

/** Rows that the shadow answers in one turn of the event loop: a request that comes meanwhile waits for no more than these. */
const ROWS_A_TURN = 64;

/**
 * Lets the shadow answer what the champion has answered, after the request and beside it. Nothing here is awaited by a request
 * or can fail it: what does not fit into the queue is dropped and counted.
 */
export class ShadowModel {
  private readonly waiting: Waiting[] = [];
  private waitingRows = 0;
  private working: Promise<void> | null = null;

  constructor(private readonly options: ShadowOptions) {}

  /** The version that answers as before, and whose answers are handed to the shadow once they are given. */
  beside<Context>(served: ServedVersion<OpenModel<Context>>): Pick<ServedVersion<OpenModel<Context>>, 'ref'> & {
    readonly open: Pick<OpenModel<Context>, 'metadata' | 'run'>;
  } {
    const { ref, open } = served;
    return {
      ref,
      open: {
        metadata: open.metadata,
        run: async (batch) => {
          const outputs = await open.run(batch);
          this.offer(ref, batch, outputs);
          return outputs;
        },
      },
    };
  }

  /** Resolves when everything that waits has been compared. */
  async drain(): Promise<void> {
    await this.working;
  }

  private offer(champion: ModelRef, batch: Batch, outputs: ModelOutputs): void {
    const shadow = this.options.shadow.current;
    if (shadow === null || shadow.ref.digest === champion.digest || batch.rows === 0) return;
    if (this.waitingRows + batch.rows > this.options.capacity) {
      this.tell(champion, shadow.ref, { dropped: batch.rows });
      return;
    }
    this.waitingRows += batch.rows;
    // Copies: a caller may keep or change what it gets.
    const copies = Object.entries(outputs).map(([name, numbers]) => [name, numbers.slice()] as const);
    this.waiting.push({ champion, batch, outputs: Object.fromEntries(copies) });
    this.working ??= this.work();
  }

  private async work(): Promise<void> {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      const { rows } = next.batch;
      for (let start = 0; start < rows; start += ROWS_A_TURN) {
        await nextTurn();
        await this.compare(next, start, Math.min(ROWS_A_TURN, rows - start));
      }
      this.waiting.shift();
      this.waitingRows -= rows;
    }
    this.working = null;
  }

  private async compare({ champion, batch, outputs }: Waiting, start: number, rows: number): Promise<void> {
    const { shadow: followed, tolerance, log } = this.options;
    const shadow = followed.current;
    if (shadow === null || shadow.ref.digest === champion.digest) return;
    try {
      const answered = await shadow.open.run(rowsOf(batch, start, rows));
      const expected = Object.entries(outputs).map(([name, numbers]) => {
        const width = numbers.length / batch.rows;
        return [name, numbers.subarray(start * width, (start + rows) * width)] as const;
      });
      this.tell(champion, shadow.ref, {
        rows,
        ...differenceOf(Object.fromEntries(expected), answered, rows, tolerance),
      });
    } catch (err) {
      log.warn({ err, champion, shadow: shadow.ref }, 'the shadow could not answer');
      this.tell(champion, shadow.ref, { failed: rows });
    }
  }

  private tell(champion: ModelRef, shadow: ModelRef, counted: Partial<ShadowOutcome>): void {
    const nothing = { rows: 0, differing: 0, dropped: 0, failed: 0, largest: 0 };
    const versions = { model: champion.model, champion: champion.version, shadow: shadow.version };
    try {
      this.options.onOutcome({ ...versions, ...nothing, ...counted });
    } catch (err) {
      this.options.log.warn({ err, ...versions }, 'an outcome of the shadow was not counted');
    }
  }
}
