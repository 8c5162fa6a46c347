import type { BackfillableModel, ScheduledDomain } from '@haat/backfill/activities';
import { connectDatabase, contentStore } from '@haat/data-access';
import type { MonitoredModel } from '@haat/monitoring';
import { packagingEntities, packagingStore } from '@haat/packaging/store';
import { damageTrainer } from '@haat/packaging/training';
import { trainingRecords, type TrainableModel } from '@haat/training/activities';
import { backfilledRecommendations } from './backfilled.models.ts';
import type { WorkerConfig } from './config.ts';
import { damageArchive } from './damage.archive.ts';
import { monitoredDamage } from './monitored.models.ts';

export interface Trainers {
  readonly models: readonly TrainableModel[];
  /** Those of them that audits and profiles look after. */
  readonly monitored: readonly MonitoredModel[];
  /** Those of them whose rows are backfilled. */
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
  const records = trainingRecords(packaging);
  const damage: TrainableModel = {
    trainer: damageTrainer,
    module: import.meta.resolve('@haat/packaging/training'),
    source: packagingStore(packaging),
    ...records,
  };
  const archive = damageArchive(contentStore(config.ARTIFACTS_URL));
  return {
    models: [damage],
    monitored: [monitoredDamage(packaging, archive, records)],
    backfills: [backfilledRecommendations(packaging, archive, records)],
    domains: [{ domain: 'packaging', database: packaging, ...records }],
    check: async () => void (await packaging.pool.query('select 1')),
    close: () => packaging.close(),
  };
}
