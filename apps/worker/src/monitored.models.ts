import { DriftLog, PredictionLog, type ContentStore, type Database } from '@haat/data-access';
import { ArchivedModels } from '@haat/model-runtime';
import type { MonitoredModel } from '@haat/monitoring';
import { damageModel, encodeProducts, type DamageContext } from '@haat/packaging/model';
import { replayPredictions } from '@haat/packaging/serving';
import { packagingStore } from '@haat/packaging/store';
import { damageReference } from '@haat/packaging/training';
import type { TrainableModel } from '@haat/training/activities';

/** Looks after the damage model, over the role of packaging's tasks. */
export function monitoredDamage(
  database: Database,
  artifacts: Pick<ContentStore, 'get'>,
  { registry, runs }: Pick<TrainableModel, 'registry' | 'runs'>,
): MonitoredModel {
  const facts = packagingStore(database);
  const archive = new ArchivedModels<DamageContext>({
    model: damageModel.name,
    fetch: (digest) => artifacts.get(digest),
    encode: encodeProducts,
  });
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
