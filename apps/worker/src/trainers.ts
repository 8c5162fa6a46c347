import { connectDatabase } from '@haat/data-access';
import { packagingEntities, packagingStore } from '@haat/packaging/store';
import { damageTrainer } from '@haat/packaging/training';
import { trainingRecords, type TrainableModel } from '@haat/training/activities';
import type { WorkerConfig } from './config.ts';

export interface Trainers {
  readonly models: readonly TrainableModel[];
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
  const models: readonly TrainableModel[] = [
    {
      trainer: damageTrainer,
      module: import.meta.resolve('@haat/packaging/training'),
      source: packagingStore(packaging),
      ...trainingRecords(packaging),
    },
  ];
  return {
    models,
    check: async () => void (await packaging.pool.query('select 1')),
    close: () => packaging.close(),
  };
}
