import type { Batch } from '@haat/kit';
import type { ArtifactMetadata, Encode } from './artifact.ts';
import type { GraphSession } from './graph.session.ts';
import { runtimeError } from './runtime.errors.ts';

/** Replay cases that an artifact must hold. */
export const goldenCases = 32;

/** How far a replayed answer may lie from the recorded one, against the larger of 1 and its size. */
const tolerance = { float64: 1e-12, float32: 1e-5 } as const;

/**
 * Runs the artifact's replay cases and compares the answers with those that training recorded.
 * Errors: MODEL_REFUSED with the first case that differs.
 */
export async function replayGolden(
  session: GraphSession,
  { card, golden, context }: ArtifactMetadata,
  encode: Encode,
): Promise<void> {
  const refuse = (message: string, details: Record<string, unknown> = {}, cause?: unknown) =>
    runtimeError('MODEL_REFUSED', `Model ${card.name}: ${message}`, { model: card.name, ...details }, cause);
  if (golden.length !== goldenCases) throw refuse(`expected ${goldenCases} replay cases, got ${golden.length}`);
  let batch: Batch;
  try {
    batch = encode(
      golden.map(({ input }) => input),
      context,
    );
    session.check(batch);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw refuse(`its replay cases are no inputs of this model: ${why}`, {}, cause);
  }
  const outputs = await session.run(batch);
  for (const [name, numbers] of Object.entries(outputs)) {
    const width = numbers.length / golden.length;
    const allowed = numbers instanceof Float64Array ? tolerance.float64 : tolerance.float32;
    golden.forEach((each, row) => {
      const expected = each.outputs[name] ?? [];
      if (expected.length !== width) {
        throw refuse(`replay case ${row}, output "${name}": expected ${width} numbers, got ${expected.length}`, {
          row,
        });
      }
      expected.forEach((value, column) => {
        const got = numbers[row * width + column]!;
        // Written so that NaN is refused.
        if (Math.abs(got - value) <= allowed * Math.max(1, Math.abs(value))) return;
        throw refuse(`replay case ${row}, output "${name}"[${column}]: expected ${value}, got ${got}`, {
          row,
          output: name,
          expected: value,
          got,
        });
      });
    });
  }
}
