import { connectDatabase } from '@haat/data-access';
import { bootstrap } from '@haat/platform';
import { trainingRecords } from '@haat/training/activities';
import { hastyTrainer, toyTrainer } from '@haat/training/testing';
import { configSchema } from '../config.ts';
import { WorkerModule } from '../worker.module.ts';

/** The worker as it is, but for what it trains: a toy, whose fits take their time and come to the ends that tests ask for. */
await bootstrap({
  name: 'worker',
  config: configSchema,
  module: (config) =>
    WorkerModule.with(config, async ({ PACKAGING_TASK_DATABASE_URL: url }) => {
      const database = await connectDatabase({ url });
      return {
        models: [toyTrainer, hastyTrainer].map((trainer) => ({
          trainer,
          module: import.meta.resolve('@haat/training/testing'),
          source: { groups: 3 },
          ...trainingRecords(database),
        })),
        monitored: [],
        backfills: [],
        inferences: [],
        domains: [],
        check: async () => void (await database.pool.query('select 1')),
        close: () => database.close(),
      };
    }),
});
