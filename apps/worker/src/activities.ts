import { backfillActivities, scheduleActivities } from '@haat/backfill/activities';
import { contentStore } from '@haat/data-access';
import { trainingActivities } from '@haat/training/activities';
import type { BackfillActivities, ScheduleActivities, TrainingActivities } from '@haat/workflows';
import type { WorkerConfig } from './config.ts';
import type { Trainers } from './trainers.ts';

/** Everything that the workflows may ask of this worker. */
export function workerActivities(
  { models, backfills, domains }: Pick<Trainers, 'models' | 'backfills' | 'domains'>,
  config: WorkerConfig,
): TrainingActivities & BackfillActivities & ScheduleActivities {
  return {
    ...trainingActivities({
      models,
      store: contentStore(config.ARTIFACTS_URL),
      codeRevision: config.CODE_REVISION ?? null,
    }),
    ...backfillActivities(backfills),
    ...scheduleActivities(domains),
  };
}
