import { connectDatabase, ModelRegistry, PredictionLog, RunFeed, RunLog, type Database } from '@haat/data-access';
import { Health, subgraphModule, LOGGER, type Logger } from '@haat/platform';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry';
import type { PlatformConfig } from './config.ts';
import { resolvers } from './resolvers.ts';
import { DATABASE, TrainingService } from './training.service.ts';

const overDatabase = <T>(provide: new (database: Database) => T): Provider => ({
  provide,
  inject: [DATABASE],
  useFactory: (database: Database) => new provide(database),
});

@Module({})
export class PlatformAppModule implements OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly training: TrainingService,
    private readonly feed: RunFeed,
    health: Health,
  ) {
    health.register('database', async () => void (await database.pool.query('select 1')));
  }

  static with(config: PlatformConfig): DynamicModule {
    const { DATABASE_URL: url, DATABASE_POOL: poolSize, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = config;
    const temporal = {
      address: TEMPORAL_ADDRESS,
      namespace: TEMPORAL_NAMESPACE,
      // Sends the trace at hand along, where there is one.
      interceptors: { workflow: [new OpenTelemetryWorkflowClientInterceptor()] },
    };
    return {
      module: PlatformAppModule,
      imports: [subgraphModule()],
      providers: [
        { provide: DATABASE, useFactory: () => connectDatabase({ url, poolSize, name: 'haat-platform' }) },
        overDatabase(ModelRegistry),
        overDatabase(RunLog),
        overDatabase(RunFeed),
        overDatabase(PredictionLog),
        {
          provide: TrainingService,
          inject: [DATABASE, ModelRegistry, RunLog, LOGGER],
          useFactory: (database: Database, registry: ModelRegistry, runs: RunLog, logger: Logger) =>
            new TrainingService(database, registry, runs, temporal, logger),
        },
        ...resolvers,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.feed.close();
    await this.training.close();
    await this.database.close();
  }
}
