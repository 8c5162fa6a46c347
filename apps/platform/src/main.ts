import '@haat/platform/production';
import { bootstrap } from '@haat/platform';
import { configSchema } from './config.ts';
import { PlatformAppModule } from './platform.module.ts';

await bootstrap({ name: 'platform', config: configSchema, module: (config) => PlatformAppModule.with(config) });
