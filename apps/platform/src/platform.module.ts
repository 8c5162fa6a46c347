import { BackfillLog, connectDatabase, ModelRegistry, PredictionLog, RunLog, type Database } from '@haat/data-access';
import { Health, subgraphModule, LOGGER, type Logger } from '@haat/platform';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { BackfillService } from './backfill.service.ts';
import type { PlatformConfig } from './config.ts';
import { resolvers } from './resolvers.ts';
import { RunControl } from './run.control.ts';
import { ScheduleService } from './schedule.service.ts';
import { TemporalLink } from './temporal.link.ts';
import { DATABASE, TrainingService } from './training.service.ts';

const overDatabase = <T>(provide: new (database: Database) => T): Provider => ({
  provide,
  inject: [DATABASE],
  useFactory: (database: Database) => new provide(database),
});

const runServices: Provider[] = [
  {
    provide: TrainingService,
    inject: [DATABASE, ModelRegistry, RunLog, TemporalLink],
    useFactory: (database: Database, registry: ModelRegistry, runs: RunLog, link: TemporalLink) =>
      new TrainingService(database, registry, runs, link),
  },
  {
    provide: BackfillService,
    inject: [DATABASE, ModelRegistry, RunLog, TemporalLink],
    useFactory: (database: Database, registry: ModelRegistry, runs: RunLog, link: TemporalLink) =>
      new BackfillService(database, registry, runs, link),
  },
  {
    provide: RunControl,
    inject: [DATABASE, RunLog, TemporalLink],
    useFactory: (database: Database, runs: RunLog, link: TemporalLink) => new RunControl(database, runs, link),
  },
  {
    provide: ScheduleService,
    inject: [DATABASE, TrainingService, TemporalLink],
    useFactory: (database: Database, training: TrainingService, link: TemporalLink) =>
      new ScheduleService(database, training, link),
  },
];

@Module({})
export class PlatformAppModule implements OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly link: TemporalLink,
    health: Health,
  ) {
    health.register('database', async () => void (await database.pool.query('select 1')));
  }

  static with(config: PlatformConfig): DynamicModule {
    const { DATABASE_URL: url, DATABASE_POOL: poolSize, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = config;
    const temporal = { address: TEMPORAL_ADDRESS, namespace: TEMPORAL_NAMESPACE };
    return {
      module: PlatformAppModule,
      imports: [subgraphModule()],
      providers: [
        { provide: DATABASE, useFactory: () => connectDatabase({ url, poolSize, name: 'haat-platform' }) },
        overDatabase(ModelRegistry),
        overDatabase(RunLog),
        overDatabase(PredictionLog),
        overDatabase(BackfillLog),
        { provide: TemporalLink, inject: [LOGGER], useFactory: (logger: Logger) => new TemporalLink(temporal, logger) },
        ...runServices,
        ...resolvers,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.link.close();
    await this.database.close();
  }
}
