import { contentStore } from '@haat/data-access';
import { trainingActivities, type TrainableModel } from '@haat/training/activities';
import type { TrainingActivities } from '@haat/workflows';
import type { WorkerConfig } from './config.ts';

/** Everything that the workflows may ask of this worker. */
export function workerActivities(models: readonly TrainableModel[], config: WorkerConfig): TrainingActivities {
  return trainingActivities({
    models,
    store: contentStore(config.ARTIFACTS_URL),
    codeRevision: config.CODE_REVISION ?? null,
  });
}
