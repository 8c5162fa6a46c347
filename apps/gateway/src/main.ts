import '@haat/platform/production';
import { bootstrap } from '@haat/platform';
import { configSchema } from './config.ts';
import { GatewayModule } from './gateway.module.ts';

await bootstrap({ name: 'gateway', config: configSchema, module: (config) => GatewayModule.with(config) });
