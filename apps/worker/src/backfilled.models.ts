import type { BackfillableModel } from '@haat/backfill/activities';
import { BackfillLog, PredictionLog, type Database } from '@haat/data-access';
import { recommendationBackfill } from '@haat/packaging/serving';
import { packagingStore, RecommendationStore } from '@haat/packaging/store';
import type { TrainingRecords } from '@haat/training/activities';
import type { DamageArchive } from './damage.archive.ts';

/** Backfills recommended packages, over the role of packaging's tasks. */
export function backfilledRecommendations(
  database: Database,
  archive: DamageArchive,
  { registry, runs }: Pick<TrainingRecords, 'registry' | 'runs'>,
): BackfillableModel {
  return {
    target: recommendationBackfill({
      facts: packagingStore(database),
      recommendations: new RecommendationStore(database),
      open: (ref) => archive.acquire(ref),
    }),
    database,
    registry,
    runs,
    backfills: new BackfillLog(database),
    predictions: new PredictionLog(database),
  };
}
