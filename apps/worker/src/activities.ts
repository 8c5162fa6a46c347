import { backfillActivities, scheduleActivities } from '@haat/backfill/activities';
import { contentStore } from '@haat/data-access';
import { checkActivities } from '@haat/monitoring/activities';
import { inferenceActivities, simulationActivities, trainingActivities } from '@haat/training/activities';
import type {
  BackfillActivities,
  CheckActivities,
  InferActivities,
  ScheduleActivities,
  SimulateActivities,
  TrainingActivities,
} from '@haat/workflows';
import type { WorkerConfig } from './config.ts';
import type { Trainers } from './trainers.ts';

/** Everything that the workflows may ask of this worker. */
export function workerActivities(
  { models, monitored, backfills, inferences, simulations, domains }: Omit<Trainers, 'check' | 'close'>,
  config: WorkerConfig,
): TrainingActivities &
  CheckActivities &
  BackfillActivities &
  ScheduleActivities &
  InferActivities &
  SimulateActivities {
  const store = contentStore(config.ARTIFACTS_URL);
  return {
    ...trainingActivities({ models, store, codeRevision: config.CODE_REVISION ?? null }),
    ...checkActivities({ models: monitored, store }),
    ...backfillActivities(backfills),
    ...scheduleActivities(domains),
    ...inferenceActivities({ models: inferences, store }),
    ...simulationActivities({ models: simulations, store }),
  };
}
