import { networkError } from './network.errors.ts';
import type { RowSampling } from './row.sampling.ts';

/** What becomes of the rows that are left when an epoch is cut into batches: a short batch, or nothing. */
export type LastBatch = 'keep' | 'drop';

/** Which rows a step sees. */
export interface BatchOrder {
  readonly epoch: number;
  readonly rows: Uint32Array;
  /** Of the data's own chance (augmentation): the same for all steps of a fit; mix in epoch and row. */
  readonly seed: number;
}

/** Steps without end, each a function of its number alone: a fit may begin at any. */
export interface BatchPlan {
  readonly stepsPerEpoch: number;
  readonly orderOf: (step: number) => BatchOrder;
}

/** Errors: EMPTY_BATCH without rows or for batches of none; INVALID_FIT when `drop` leaves no batch. */
export function batchPlan(
  { rows, batch, lastBatch }: { readonly rows: number; readonly batch: number; readonly lastBatch: LastBatch },
  sampling: RowSampling,
  seed: number,
): BatchPlan {
  if (!(rows >= 1) || !(batch >= 1)) {
    const message = `Batches of ${batch} from ${rows} rows: expected at least one row in each`;
    throw networkError('EMPTY_BATCH', message, { rows, batch });
  }
  const stepsPerEpoch = lastBatch === 'keep' ? Math.ceil(rows / batch) : Math.floor(rows / batch);
  if (stepsPerEpoch === 0) {
    const message = `Batches of ${batch} from ${rows} rows: expected at least one whole batch, or the last batch kept`;
    throw networkError('INVALID_FIT', message, { rows, batch });
  }
  let current = { epoch: -1, rowAt: sampling(0) };
  return {
    stepsPerEpoch,
    orderOf(step) {
      const epoch = Math.floor(step / stepsPerEpoch);
      if (epoch !== current.epoch) current = { epoch, rowAt: sampling(epoch) };
      const from = (step % stepsPerEpoch) * batch;
      const size = Math.min(batch, rows - from);
      return { epoch, rows: Uint32Array.from({ length: size }, (_, i) => current.rowAt(from + i)), seed };
    },
  };
}
