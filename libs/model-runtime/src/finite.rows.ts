import { isDomainError, takeRows, type Batch, type ErrorDetails } from '@haat/kit';
import type { ModelOutputs } from './model.outputs.ts';
import type { OpenModel } from './open.model.ts';

/**
 * As `open.run`, but a row that has no finite answer costs that row alone: its numbers are NaN. One run, and a second one where there
 * are such rows. Errors: those of `run` but ANSWER_NOT_FINITE.
 */
export async function runFinite(open: Pick<OpenModel, 'run'>, batch: Batch): Promise<ModelOutputs> {
  try {
    return await open.run(batch);
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'ANSWER_NOT_FINITE') throw error;
    return runWithout(open, batch, error.details);
  }
}

/** A second run, over the rows that have an answer. */
async function runWithout(open: Pick<OpenModel, 'run'>, batch: Batch, details: ErrorDetails): Promise<ModelOutputs> {
  const unanswered = new Set(details['rows'] as readonly number[]);
  const rows = Array.from({ length: batch.rows }, (_, row) => row).filter((row) => !unanswered.has(row));
  const answered = rows.length === 0 ? {} : await open.run(takeRows(batch, rows));
  const widths = details['widths'] as Readonly<Record<string, number>>;
  return Object.fromEntries(
    Object.entries(widths).map(([name, width]) => {
      const numbers = answered[name] ?? new Float64Array();
      const Numbers = numbers instanceof Float64Array ? Float64Array : Float32Array;
      const all = new Numbers(width * batch.rows).fill(NaN);
      rows.forEach((row, k) => all.set(numbers.subarray(k * width, (k + 1) * width), row * width));
      return [name, all];
    }),
  );
}
