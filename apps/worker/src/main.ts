import '@haat/platform/production';
import { bootstrap } from '@haat/platform';
import { configSchema } from './config.ts';
import { WorkerModule } from './worker.module.ts';

await bootstrap({ name: 'worker', config: configSchema, module: (config) => WorkerModule.with(config) });
