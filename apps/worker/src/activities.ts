import { contentStore } from '@haat/data-access';
import { checkActivities } from '@haat/monitoring/activities';
import { trainingActivities } from '@haat/training/activities';
import type { CheckActivities, TrainingActivities } from '@haat/workflows';
import type { WorkerConfig } from './config.ts';
import type { Trainers } from './trainers.ts';

/** Everything that the workflows may ask of this worker. */
export function workerActivities(
  { models, monitored }: Pick<Trainers, 'models' | 'monitored'>,
  config: WorkerConfig,
): TrainingActivities & CheckActivities {
  const store = contentStore(config.ARTIFACTS_URL);
  return {
    ...trainingActivities({ models, store, codeRevision: config.CODE_REVISION ?? null }),
    ...checkActivities({ models: monitored, store }),
  };
}
