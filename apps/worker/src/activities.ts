import { backfillActivities, type BackfillableModel } from '@haat/backfill/activities';
import { contentStore } from '@haat/data-access';
import { trainingActivities, type TrainableModel } from '@haat/training/activities';
import type { BackfillActivities, TrainingActivities } from '@haat/workflows';
import type { WorkerConfig } from './config.ts';

/** Everything that the workflows may ask of this worker. */
export function workerActivities(
  { models, backfills }: { readonly models: readonly TrainableModel[]; readonly backfills: readonly BackfillableModel[] },
  config: WorkerConfig,
): TrainingActivities & BackfillActivities {
  return {
    ...trainingActivities({
      models,
      store: contentStore(config.ARTIFACTS_URL),
      codeRevision: config.CODE_REVISION ?? null,
    }),
    ...backfillActivities(backfills),
  };
}
