import { connectDatabase, ModelRegistry, RunLog } from '@haat/data-access';
import { bootstrap } from '@haat/platform';
import { toyTrainer } from '@haat/training/testing';
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
        models: [
          {
            trainer: toyTrainer,
            module: import.meta.resolve('@haat/training/testing'),
            source: { groups: 3 },
            registry: new ModelRegistry(database),
            runs: new RunLog(database),
          },
        ],
        backfills: [],
        domains: [],
        check: async () => void (await database.pool.query('select 1')),
        close: () => database.close(),
      };
    }),
});
