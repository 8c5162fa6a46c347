import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Health } from './health.ts';
import type { Logger } from './logger.ts';
import { Metrics } from './metrics.ts';

/** Injection token of the app's pino logger. */
export const LOGGER = Symbol('logger');

/** What every provider of an app may ask for: `Health`, `Metrics` and the logger (`@Inject(LOGGER)`). */
@Global()
@Module({})
export class PlatformModule {
  static with(logger: Logger, health: Health, metrics: Metrics): DynamicModule {
    const providers = [
      { provide: LOGGER, useValue: logger },
      { provide: Health, useValue: health },
      { provide: Metrics, useValue: metrics },
    ];
    return { module: PlatformModule, providers, exports: providers };
  }
}
