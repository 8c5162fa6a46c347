import { DriftLog, PredictionLog, type Database } from '@haat/data-access';
import type { MonitoredModel } from '@haat/monitoring';
import { damageModel, encodeProducts } from '@haat/packaging/model';
import { replayPredictions } from '@haat/packaging/serving';
import { packagingStore } from '@haat/packaging/store';
import { damageReference } from '@haat/packaging/training';
import type { TrainingRecords } from '@haat/training/activities';
import type { DamageArchive } from './damage.archive.ts';

/** Looks after the damage model, over the role of packaging's tasks. */
export function monitoredDamage(
  database: Database,
  archive: DamageArchive,
  { registry, runs }: Pick<TrainingRecords, 'registry' | 'runs'>,
): MonitoredModel {
  const facts = packagingStore(database);
  return {
    definition: damageModel,
    encode: encodeProducts,
    reference: damageReference,
    replay: (predictions) => replayPredictions(facts, (ref) => archive.acquire(ref), predictions),
    predictions: new PredictionLog(database),
    drift: new DriftLog(database),
    registry,
    runs,
  };
}
