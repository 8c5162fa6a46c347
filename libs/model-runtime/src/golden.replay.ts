import type { Batch } from '@haat/kit';
import type { ArtifactMetadata, Encode, GoldenCase } from './artifact.ts';
import type { GraphSession } from './graph.session.ts';
import type { ModelOutputs } from './model.outputs.ts';
import { runtimeError } from './runtime.errors.ts';

/** Replay cases that an artifact must hold. */
export const goldenCases = 32;

/** How far a replayed answer may lie from the recorded one, against the larger of 1 and its size. */
const tolerance = { float64: 1e-12, float32: 1e-5 } as const;

/** Makes the error that says why an artifact is refused. */
type Refuse = (message: string, details?: Readonly<Record<string, unknown>>, cause?: unknown) => Error;

function refusalOf({ card }: ArtifactMetadata): Refuse {
  return (message, details = {}, cause) =>
    runtimeError('MODEL_REFUSED', `Model ${card.name}: ${message}`, { model: card.name, ...details }, cause);
}

const whyOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

/**
 * Runs the replay cases of a graph and compares the answers with those that training recorded.
 * Errors: MODEL_REFUSED with the first case that differs.
 */
export async function replayGolden(session: GraphSession, metadata: ArtifactMetadata, encode: Encode): Promise<void> {
  const { golden, context } = metadata;
  const refuse = refusalOf(metadata);
  requireCases(metadata, refuse);
  let batch: Batch;
  try {
    batch = encode(
      golden.map(({ input }) => input),
      context,
    );
    session.check(batch);
  } catch (cause) {
    throw refuse(`its replay cases are no inputs of this model: ${whyOf(cause)}`, {}, cause);
  }
  const outputs = await session.run(batch);
  golden.forEach((each, row) => compare(each, row, rowOf(outputs, row, golden.length), refuse));
}

/**
 * The same for a sampler: each case by itself, with the seed that it holds. Errors: MODEL_REFUSED with the first case that
 * differs.
 */
export async function replaySamples(
  metadata: ArtifactMetadata,
  answer: (input: unknown) => Promise<ModelOutputs>,
): Promise<void> {
  const refuse = refusalOf(metadata);
  requireCases(metadata, refuse);
  for (const [row, each] of metadata.golden.entries()) {
    let outputs: ModelOutputs;
    try {
      outputs = await answer(each.input);
    } catch (cause) {
      throw refuse(`replay case ${row} is no input of this model: ${whyOf(cause)}`, { row }, cause);
    }
    compare(each, row, outputs, refuse);
  }
}

function requireCases({ golden }: ArtifactMetadata, refuse: Refuse): void {
  if (golden.length !== goldenCases) throw refuse(`expected ${goldenCases} replay cases, got ${golden.length}`);
}

/** The numbers of one row of a batch's answers. */
function rowOf(outputs: ModelOutputs, row: number, rows: number): ModelOutputs {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, numbers]) => {
      const width = numbers.length / rows;
      return [name, numbers.subarray(row * width, (row + 1) * width)];
    }),
  );
}

function compare(each: GoldenCase, row: number, outputs: ModelOutputs, refuse: Refuse): void {
  for (const [name, numbers] of Object.entries(outputs)) {
    const allowed = numbers instanceof Float64Array ? tolerance.float64 : tolerance.float32;
    const expected = each.outputs[name] ?? [];
    if (expected.length !== numbers.length) {
      throw refuse(`replay case ${row}, output "${name}": expected ${numbers.length} numbers, got ${expected.length}`, {
        row,
      });
    }
    expected.forEach((value, column) => {
      const got = numbers[column]!;
      // Written so that NaN is refused.
      if (Math.abs(got - value) <= allowed * Math.max(1, Math.abs(value))) return;
      throw refuse(`replay case ${row}, output "${name}"[${column}]: expected ${value}, got ${got}`, {
        row,
        output: name,
        expected: value,
        got,
      });
    });
  }
}
