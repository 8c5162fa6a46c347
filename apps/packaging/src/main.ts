import '@haat/platform/production';
import { bootstrap } from '@haat/platform';
import { configSchema } from './config.ts';
import { PackagingAppModule } from './packaging.module.ts';

await bootstrap({ name: 'packaging', config: configSchema, module: (config) => PackagingAppModule.with(config) });
