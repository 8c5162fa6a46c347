import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Health } from './health.ts';
import type { Logger } from './logger.ts';
import { Metrics } from './metrics.ts';
import type { TraceExport } from './tracing/trace.export.ts';

/** Injection token of the app's pino logger. */
export const LOGGER = Symbol('logger');

/** Injection token of where traces go: a `TraceExport`, or null where nothing is traced. */
export const TRACES = Symbol('traces');

/** What every provider of an app may ask for: `Health`, `Metrics`, the logger (`@Inject(LOGGER)`) and `TRACES`. */
@Global()
@Module({})
export class PlatformModule {
  static with(logger: Logger, health: Health, metrics: Metrics, traces: TraceExport | null): DynamicModule {
    const providers = [
      { provide: LOGGER, useValue: logger },
      { provide: Health, useValue: health },
      { provide: Metrics, useValue: metrics },
      { provide: TRACES, useValue: traces },
    ];
    return { module: PlatformModule, providers, exports: providers };
  }
}
