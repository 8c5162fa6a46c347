import { dataAccessError, isConnectionLoss } from '@haat/data-access';
import { withTypedFailures, type BackfillActivities } from '@haat/workflows';
import { beatingToTheEnd } from '@haat/workflows/activities';
import { backfillChunk, backfillPages, openBackfill } from './backfill.steps.ts';
import { backfillables, type BackfillableModel } from './backfill.world.ts';
import { openUndo, undoChunk, undoPages } from './undo.steps.ts';

/** The steps of backfills and their undo, for a worker. Each may be repeated: see `BackfillActivities`. */
export function backfillActivities(
  models: readonly BackfillableModel[],
  clock: () => Date = () => new Date(),
): BackfillActivities {
  const of = backfillables(models);
  return withTypedFailures<BackfillActivities>(
    withLossesTold({
      openBackfill: async (call) => openBackfill(of(call.model), call),
      backfillPages: (call) => beatingToTheEnd(() => backfillPages(of(call.model), call)),
      backfillChunk: (call) => beatingToTheEnd(() => backfillChunk(of(call.model), call, clock())),
      openUndo: async (call) => openUndo(of(call.model), call),
      undoPages: (call) => beatingToTheEnd(() => undoPages(of(call.model), call)),
      undoChunk: (call) => beatingToTheEnd(() => undoChunk(of(call.model), call)),

      async markPaused({ runId, model, paused }) {
        const { backfills } = of(model);
        await backfills.pause(runId, paused);
        await backfills.showProgress(runId);
      },

      async closeBackfill({ runId, model, state, result, failure }) {
        const { backfills, runs } = of(model);
        await backfills.close(runId);
        if (failure !== null && state !== 'completed') await runs.fail(runId, state, failure.code, failure.message);
        else await runs.complete(runId, { metrics: {}, result: { ...result } });
      },
    }),
  );
}

/** A database that is away is told as such, without its address. */
function withLossesTold(activities: BackfillActivities): BackfillActivities {
  const told = Object.entries(activities).map(([name, activity]: [string, (call: unknown) => Promise<unknown>]) => [
    name,
    async (call: unknown) => {
      try {
        return await activity(call);
      } catch (thrown) {
        if (!isConnectionLoss(thrown)) throw thrown;
        throw dataAccessError('DATABASE_UNREACHABLE', 'The database does not answer', {}, thrown);
      }
    },
  ]);
  return Object.fromEntries(told) as BackfillActivities;
}
