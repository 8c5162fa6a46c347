import type { ViewAnswers } from '@haat/data-access';
import type { Horizon, ModelRef } from '@haat/kit';
import type { NewPrediction } from '@haat/data-access';
import { z } from 'zod';
import type { BackfillScope, BackfillTarget, ComputedRows } from './backfill.target.ts';

/** Which entities a backfill of answers takes on. */
export const answerSelectionSchema = z.strictObject({
  which: z
    .enum(['stale', 'all'])
    .default('stale')
    .describe(
      'stale: entities without an answer, or whose model version or facts are no longer those it was made from; all: every entity',
    ),
});
export type AnswerChoice = z.output<typeof answerSelectionSchema>;

/** What serving says of entities: those of the ids that are known, with their outputs (null: none) and what is recorded. */
export interface AnsweredEntities {
  readonly id: readonly string[];
  readonly outputs: readonly (Readonly<Record<string, number>> | null)[];
  readonly predictions: readonly NewPrediction[];
}

/** The backfill of a model's answers for the entities of a view: the river of serving, for those that have none or a stale one. */
export function answersBackfill(
  model: `${string}/${string}`,
  answers: ViewAnswers,
  answer: (ref: ModelRef, at: Horizon, ids: readonly string[]) => Promise<AnsweredEntities>,
): BackfillTarget<AnswerChoice> {
  type Scope = BackfillScope<AnswerChoice>;
  const basisOf = ({ ref, at }: Scope) => ({ modelDigest: ref.digest, at });
  return {
    model,
    table: {
      name: answers.table,
      key: answers.key,
      columns: { state: 'text', ...Object.fromEntries(answers.outputs.map((name) => [name, 'float8'])) },
      constants: {
        model_version: 'int',
        model_digest: 'text',
        facts_as_of: 'timestamptz',
        facts_revision: 'bigint',
        run: 'text',
        decided_at: 'timestamptz',
      },
      label: 'state',
      measures: answers.outputs,
    },
    selection: answerSelectionSchema,
    count: (scope) => answers.count(scope.selection.which, basisOf(scope)),
    keys: (scope, page) => answers.due(scope.selection.which, basisOf(scope), page),
    async compute({ runId, ref, at }, keys, now): Promise<ComputedRows> {
      const { id, outputs, predictions } = await answer(ref, at, keys);
      return {
        keys: id,
        columns: {
          state: outputs.map((one) => (one === null ? 'UNANSWERABLE' : 'ANSWERED')),
          ...Object.fromEntries(answers.outputs.map((name) => [name, outputs.map((one) => one?.[name] ?? null)])),
        },
        constants: {
          model_version: ref.version,
          model_digest: ref.digest,
          facts_as_of: at.asOf,
          facts_revision: at.revision,
          run: runId,
          decided_at: now,
        },
        predictions,
      };
    },
  };
}
