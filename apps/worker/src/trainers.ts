import { connectDatabase, contentStore } from '@haat/data-access';
import type { MonitoredModel } from '@haat/monitoring';
import { packagingEntities, packagingStore } from '@haat/packaging/store';
import { damageTrainer } from '@haat/packaging/training';
import { trainingRecords, type TrainableModel } from '@haat/training/activities';
import type { WorkerConfig } from './config.ts';
import { monitoredDamage } from './monitored.models.ts';

export interface Trainers {
  readonly models: readonly TrainableModel[];
  /** Those of them that audits and profiles look after. */
  readonly monitored: readonly MonitoredModel[];
  /** Resolves when every database answers. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** All models that a worker trains, each over its own domain's role. A new domain adds its part here. */
export async function connectTrainers(config: WorkerConfig): Promise<Trainers> {
  const packaging = await connectDatabase({
    url: config.PACKAGING_TASK_DATABASE_URL,
    entities: packagingEntities,
    poolSize: config.DATABASE_POOL,
    name: 'haat-worker-packaging',
  });
  const damage: TrainableModel = {
    trainer: damageTrainer,
    module: import.meta.resolve('@haat/packaging/training'),
    source: packagingStore(packaging),
    ...trainingRecords(packaging),
  };
  return {
    models: [damage],
    monitored: [monitoredDamage(packaging, contentStore(config.ARTIFACTS_URL), damage)],
    check: async () => void (await packaging.pool.query('select 1')),
    close: () => packaging.close(),
  };
}
