import { connectDatabase } from '@haat/data-access';
import { bootstrap } from '@haat/platform';
import { trainingRecords } from '@haat/training/activities';
import { hastyTrainer, shapesTrainer, toyTrainer } from '@haat/training/testing';
import { configSchema } from '../config.ts';
import { WorkerModule } from '../worker.module.ts';

/**
 * The worker as it is, but for what it trains: a toy, whose fits take their time and come to the ends that tests ask for, and a small
 * network.
 */
await bootstrap({
  name: 'worker',
  config: configSchema,
  module: (config) =>
    WorkerModule.with(config, async ({ PACKAGING_TASK_DATABASE_URL: url }) => {
      const database = await connectDatabase({ url });
      const records = trainingRecords(database);
      const module = import.meta.resolve('@haat/training/testing');
      const toys = [toyTrainer, hastyTrainer].map((trainer) => ({
        trainer,
        module,
        source: { groups: 3 },
        ...records,
      }));
      const pictures = { pictures: 100_000, seed: 1, noise: 0.15 };
      return {
        models: [...toys, { trainer: shapesTrainer, module, source: pictures, ...records }],
        monitored: [],
        backfills: [],
        inferences: [],
        simulations: [],
        domains: [],
        check: async () => void (await database.pool.query('select 1')),
        close: () => database.close(),
      };
    }),
});
