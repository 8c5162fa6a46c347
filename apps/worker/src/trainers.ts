import type { BackfillableModel, ScheduledDomain } from '@haat/backfill/activities';
import { BackfillLog, connectDatabase, contentStore, ModelRegistry, PredictionLog, RunLog } from '@haat/data-access';
import { pinnedModels } from '@haat/model-runtime';
import { damageModel, encodeProducts, type DamageContext } from '@haat/packaging/model';
import { recommendationBackfill } from '@haat/packaging/serving';
import { packagingEntities, packagingStore, RecommendationStore } from '@haat/packaging/store';
import { damageTrainer } from '@haat/packaging/training';
import type { TrainableModel } from '@haat/training/activities';
import type { WorkerConfig } from './config.ts';

export interface Trainers {
  readonly models: readonly TrainableModel[];
  readonly backfills: readonly BackfillableModel[];
  /** Domains that run on schedules. */
  readonly domains: readonly ScheduledDomain[];
  /** Resolves when every database answers. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** All models that a worker trains and backfills, each over its own domain's role. A new domain adds its part here. */
export async function connectTrainers(config: WorkerConfig): Promise<Trainers> {
  const packaging = await connectDatabase({
    url: config.PACKAGING_TASK_DATABASE_URL,
    entities: packagingEntities,
    poolSize: config.DATABASE_POOL,
    name: 'haat-worker-packaging',
  });
  const facts = packagingStore(packaging);
  const registry = new ModelRegistry(packaging);
  const runs = new RunLog(packaging);
  const store = contentStore(config.ARTIFACTS_URL);
  const models: readonly TrainableModel[] = [
    {
      trainer: damageTrainer,
      module: import.meta.resolve('@haat/packaging/training'),
      source: facts,
      registry,
      runs,
    },
  ];
  const backfills: readonly BackfillableModel[] = [
    {
      target: recommendationBackfill({
        facts,
        recommendations: new RecommendationStore(packaging),
        model: pinnedModels<DamageContext>({
          model: damageModel.name,
          fetch: (digest) => store.get(digest),
          encode: encodeProducts,
        }),
      }),
      database: packaging,
      registry,
      runs,
      backfills: new BackfillLog(packaging),
      predictions: new PredictionLog(packaging),
    },
  ];
  return {
    models,
    backfills,
    domains: [{ domain: 'packaging', database: packaging, registry, runs }],
    check: async () => void (await packaging.pool.query('select 1')),
    close: () => packaging.close(),
  };
}
