import { BackfillLog, DriftLog, PredictionLog } from '@haat/data-access';
import { ArchivedModels } from '@haat/model-runtime';
import { recordedModel } from '@haat/monitoring';
import { damageModel, encodeProducts } from '@haat/packaging/model';
import { openDamage, recommendationBackfill, replayPredictions, type OpenVersion } from '@haat/packaging/serving';
import { packagingEntities, packagingStore, RecommendationStore } from '@haat/packaging/store';
import { damageReference, damageTrainer } from '@haat/packaging/training';
import type { WorkingDomain } from './domain.work.ts';

export const packagingWork: WorkingDomain = {
  entities: packagingEntities,
  work({ database, records, artifacts }) {
    const facts = packagingStore(database);
    const fetch = (digest: string) => artifacts.get(digest);
    const archive = new ArchivedModels({ model: damageModel.name, fetch, open: openDamage });
    const open: OpenVersion = (ref) => archive.acquire(ref);
    const predictions = new PredictionLog(database);
    return {
      models: [
        {
          trainer: damageTrainer,
          module: import.meta.resolve('@haat/packaging/training'),
          source: facts,
          ...records,
        },
      ],
      monitored: [
        recordedModel({
          definition: damageModel,
          encode: encodeProducts,
          reference: damageReference,
          replay: (recorded) => replayPredictions(facts, open, recorded),
          predictions,
          drift: new DriftLog(database),
          ...records,
        }),
      ],
      backfills: [
        {
          target: recommendationBackfill({ facts, recommendations: new RecommendationStore(database), open }),
          database,
          backfills: new BackfillLog(database),
          predictions,
          ...records,
        },
      ],
      inferences: [],
      simulations: [],
    };
  },
};
