import type { ModelOutputs } from './model.outputs.ts';
import { runtimeError } from './runtime.errors.ts';

/**
 * Answers that are numbers: a graph that gave NaN or an infinity for a row has not answered it.
 * Errors: ANSWER_NOT_FINITE with details `{ rows, widths }`: the positions of such rows in the batch, and the numbers of a row by output.
 */
export function requireFinite(model: string, outputs: ModelOutputs, rows: number): ModelOutputs {
  const unanswered = new Set<number>();
  for (const numbers of Object.values(outputs)) {
    const width = numbers.length / rows;
    numbers.forEach((value, at) => {
      if (!Number.isFinite(value)) unanswered.add(Math.floor(at / width));
    });
  }
  if (unanswered.size === 0) return outputs;
  const [first] = unanswered;
  throw runtimeError(
    'ANSWER_NOT_FINITE',
    `Model ${model}: row ${first} of ${rows}: expected finite numbers, got NaN or an infinity (${unanswered.size} such rows)`,
    {
      rows: [...unanswered],
      widths: Object.fromEntries(Object.entries(outputs).map(([name, numbers]) => [name, numbers.length / rows])),
    },
  );
}
