import { modelCard } from '@haat/kit';
import { Health, LOGGER, Metrics, TRACES, type Logger, type TraceExport } from '@haat/platform';
import { removeAbandonedFolders } from '@haat/training/process';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { workerActivities } from './activities.ts';
import type { WorkerConfig } from './config.ts';
import { appMetrics } from './metrics.ts';
import { stepInterceptor } from './step.metrics.ts';
import { installTemporalRuntime } from './temporal.logger.ts';
import { startTemporalWorkers, type TemporalWorkers } from './temporal.workers.ts';
import { connectTrainers, type Trainers } from './trainers.ts';

const TRAINERS = Symbol('trainers');
const WORKERS = Symbol('workers');

/** Connects the trainers, registers their cards, and works on the task queues until the app closes. */
@Module({})
export class WorkerModule implements OnApplicationShutdown {
  constructor(
    @Inject(TRAINERS) private readonly trainers: Trainers,
    @Inject(WORKERS) private readonly workers: TemporalWorkers,
    health: Health,
  ) {
    health.register('database', () => trainers.check());
    health.register('temporal', () => workers.check());
  }

  static with(config: WorkerConfig, connect: typeof connectTrainers = connectTrainers): DynamicModule {
    return {
      module: WorkerModule,
      providers: [
        { provide: TRAINERS, useFactory: () => connect(config) },
        {
          provide: WORKERS,
          inject: [TRAINERS, LOGGER, Metrics, TRACES],
          useFactory: async (trainers: Trainers, logger: Logger, metrics: Metrics, traces: TraceExport | null) => {
            for (const { registry, trainer } of trainers.models) await registry.saveCard(modelCard(trainer.definition));
            await removeAbandonedFolders();
            installTemporalRuntime(logger);
            return startTemporalWorkers(
              config,
              workerActivities(trainers, config),
              stepInterceptor(appMetrics(metrics.registry)),
              traces,
            );
          },
        },
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.workers.close();
    await this.trainers.close();
  }
}
