import '@haat/platform/production';
import { bootstrap } from '@haat/platform';
import { configSchema } from './config.ts';
import { RiskAppModule } from './risk.module.ts';

await bootstrap({ name: 'risk', config: configSchema, module: (config) => RiskAppModule.with(config) });
